import type { AnswerRow } from './answer-row.ts'
import { between, keepsTrying } from './phrases.ts'
import {
  isAbout,
  isBodyLost,
  isHtml,
  isNotFoundAgain,
  isTokenRefused,
  regionIs,
  saysNoRecords,
} from './reply-signs.ts'

/** How an administrator grants each permission whose absence can cause a 403 (API facts, section 2). */
const controlHub = {
  role: 'In Control Hub (admin.webex.com) → Management → Users → the user who signed in → Administrator roles, assign the role "Webex Calling Detailed Call History API access". Then sign in again as that user.',
  scope:
    'At developer.webex.com → My Webex Apps → the app, add the scope spark-admin:calling_cdr_read. Then sign in again (`cdrstream login`); for a service app, authorize it again in Control Hub and generate new tokens. A bot token never has this scope.',
  app: 'In Control Hub (admin.webex.com) → Management → Apps → Service Apps (or Integrations) → the app, have a full administrator authorize it for this org. Then sign in again.',
} as const

/** Answers with any status other than 200 and 204. */
export const errorRows: readonly AnswerRow[] = [
  {
    when: { kind: 'answered', statuses: [[300, 399]] },
    code: 'redirected',
    meaning: 'A redirect. It could send the token elsewhere, so it is never followed.',
    outcome: { kind: 'refused', reason: 'other' },
    remedy: `The configured URL redirects elsewhere. ${between} Or webex.baseUrl is wrong: remove the key to use Webex itself.`,
  },
  {
    when: { kind: 'answered', statuses: [400] },
    code: 'window-refused',
    meaning:
      'The times are not accepted: they are too recent or too old by the server’s clock, or the link is old. The Date header gives a new estimate of that clock, and the window is planned again with a growing margin.',
    outcome: { kind: 'refused', reason: 'window' },
    remedy:
      'Webex refused the requested times; its clock is estimated again. If this persists, check that the clock of this machine is right, and that the names in `locations` match Control Hub → Management → Locations.',
  },
  {
    when: { kind: 'answered', statuses: [401], sign: isTokenRefused },
    code: 'token-refused',
    meaning: 'The access token is not valid, and cannot be renewed. The code comes from the sign-in.',
    outcome: { kind: 'refused', reason: 'token' },
    remedy: 'The access token was refused. Configure a new one.',
  },
  {
    when: { kind: 'answered', statuses: [401] },
    code: 'token-ended',
    meaning: 'The access token has expired; the next request uses a new one.',
    outcome: { kind: 'failed', reason: 'token' },
    remedy: 'Webex no longer accepts the access token; it is being renewed.',
  },
  {
    when: { kind: 'answered', statuses: [403], sign: isHtml },
    code: 'blocked',
    meaning: 'Something between this machine and the API answered.',
    outcome: { kind: 'refused', reason: 'other' },
    remedy: `${between} Allow https to the region's host, or set HTTPS_PROXY.`,
  },
  {
    when: {
      kind: 'answered',
      statuses: [403],
      sign: isAbout(
        'scope',
        'an error that mentions only scopes, or the header `WWW-Authenticate: … insufficient_scope`',
      ),
    },
    code: 'scope-missing',
    meaning: 'The token does not include the permission to read call detail records.',
    outcome: { kind: 'refused', reason: 'permission' },
    remedy: controlHub.scope,
  },
  {
    when: {
      kind: 'answered',
      statuses: [403],
      sign: isAbout('app', 'an error that the app is not authorized'),
    },
    code: 'app-not-authorized',
    meaning:
      'No administrator of the org has authorized the integration or service app, or the authorization was withdrawn.',
    outcome: { kind: 'refused', reason: 'permission' },
    remedy: controlHub.app,
  },
  {
    when: { kind: 'answered', statuses: [403], sign: isAbout('role', 'an error that mentions only roles') },
    code: 'role-missing',
    meaning: 'The user who authorized the token lacks the administrator role.',
    outcome: { kind: 'refused', reason: 'permission' },
    remedy: controlHub.role,
  },
  {
    when: { kind: 'answered', statuses: [403] },
    code: 'permission',
    meaning: 'Scope, role or app authorization is missing. The body usually does not say which.',
    outcome: { kind: 'refused', reason: 'permission' },
    remedy: `Webex does not let this user read call detail records. Check in this order. 1. ${controlHub.role} 2. ${controlHub.scope} 3. ${controlHub.app}`,
  },
  {
    when: { kind: 'answered', statuses: [404], sign: saysNoRecords },
    code: 'no-records',
    meaning:
      'The window has no records. Webex has been observed to return this response instead of an empty list.',
    outcome: { kind: 'page', items: 'none' },
    remedy: null,
  },
  {
    when: { kind: 'answered', statuses: [404], sign: isBodyLost },
    code: 'body-lost',
    meaning: 'The body would have shown which kind of 404 it is.',
    outcome: { kind: 'failed', reason: 'malformed' },
    remedy: `An answer was cut off. ${keepsTrying}`,
  },
  {
    when: { kind: 'answered', statuses: [404], sign: isNotFoundAgain },
    code: 'not-found',
    meaning: 'A wrong host or path. Never "no records".',
    outcome: { kind: 'refused', reason: 'other' },
    remedy:
      'The configured URL does not serve call detail records. Check that webex.baseUrl is right (it ends with /v1), or remove the key to use Webex itself. If the key is not set, give Cisco’s support the TrackingID.',
  },
  {
    when: { kind: 'answered', statuses: [404] },
    code: 'not-found-yet',
    meaning:
      'Not trusted immediately, neither as "no records" nor as a wrong URL: a restarting gateway returns the same answer.',
    outcome: { kind: 'failed', reason: 'unavailable' },
    remedy: `Webex reported that nothing exists at the configured URL. ${keepsTrying}`,
  },
  {
    when: { kind: 'answered', statuses: [407] },
    code: 'proxy-sign-in',
    meaning: 'The proxy requires a user name and a password.',
    outcome: { kind: 'refused', reason: 'other' },
    remedy: 'The proxy requires a sign-in: set HTTPS_PROXY to http://user:password@host:port.',
  },
  {
    when: { kind: 'answered', statuses: [405, 410, 415] },
    code: 'request-refused',
    meaning: 'The endpoint does not accept such requests, or no longer does.',
    outcome: { kind: 'refused', reason: 'other' },
    remedy:
      'Webex does not accept the request. Check that webex.baseUrl is right, or remove the key. Otherwise look for a newer version of cdrstream: the API may have changed.',
  },
  {
    when: { kind: 'answered', statuses: [429] },
    code: 'limited',
    meaning:
      'The rate limit is exceeded although the collector stays below it: another program uses the same credential. Three in a row are logged.',
    outcome: { kind: 'limited' },
    remedy: null,
  },
  {
    when: { kind: 'answered', statuses: [451], sign: regionIs('moved', 'names a host that is allowed') },
    code: 'region-moved',
    meaning: 'The org lives in another region, which is used from now on and remembered.',
    outcome: { kind: 'failed', reason: 'region' },
    remedy: 'The records of this org are at {host}, which is used from now on.',
  },
  {
    when: {
      kind: 'answered',
      statuses: [451],
      sign: regionIs('ping-pong', 'names a host that itself pointed elsewhere since the last page'),
    },
    code: 'region-ping-pong',
    meaning:
      'Two regions each report that the org lives in the other. It may be moving. The regions are tried in turn.',
    outcome: { kind: 'refused', reason: 'region' },
    remedy:
      'Two Webex regions each report that this org is in the other ({host} is tried next). The org may be moving, so wait. If this takes more than an hour, open a case with Cisco’s support and include the TrackingID. If you know the region, set `region`.',
  },
  {
    when: {
      kind: 'answered',
      statuses: [451],
      sign: regionIs('fixed', 'names a host, and `region` is fixed by the configuration'),
    },
    code: 'wrong-region',
    meaning: 'The org lives in a different region than configured.',
    outcome: { kind: 'refused', reason: 'region' },
    remedy: 'The records of this org are at {host}, not in the configured region. Set `region: {region}`.',
  },
  {
    when: {
      kind: 'answered',
      statuses: [451],
      sign: regionIs('not-allowed', 'names a host that is not Cisco’s and not in `webex.allowedHosts`'),
    },
    code: 'region-host-refused',
    meaning: 'The token is never sent to hosts that are not allowed.',
    outcome: { kind: 'refused', reason: 'region' },
    remedy:
      'The answer points to {host}, which is not one of the hosts that may receive the token. If Cisco’s documentation names it as a region of Webex Calling, add it to webex.allowedHosts. Otherwise someone may be trying to intercept the token: tell your network security team.',
  },
  {
    when: { kind: 'answered', statuses: [451] },
    code: 'region-unknown',
    meaning: 'The org lives in another region, and the body does not name it.',
    outcome: { kind: 'refused', reason: 'region' },
    remedy:
      'This org lives in another region, and Webex does not name it. Set `region` (us, eu, in, au or gov); Control Hub → Management → Organization settings → Data locality shows it.',
  },
  {
    when: { kind: 'answered', statuses: [504] },
    code: 'gateway-timeout',
    meaning: 'The window may be too large for the server.',
    outcome: { kind: 'failed', reason: 'unavailable' },
    remedy: `Webex took too long for the window; shorter ones are requested. ${keepsTrying}`,
  },
  {
    when: { kind: 'answered', statuses: [409, 423, 428, [500, 599]] },
    code: 'unavailable',
    meaning: 'The API is currently not available.',
    outcome: { kind: 'failed', reason: 'unavailable' },
    remedy: `Webex is not available (status.webex.com lists known outages). ${keepsTrying}`,
  },
  {
    when: { kind: 'answered', statuses: [[0, 999]] },
    code: 'unexpected-status',
    meaning: 'An undocumented status.',
    outcome: { kind: 'failed', reason: 'unavailable' },
    remedy: `Webex answered with an undocumented status. ${keepsTrying} If this persists, look for a newer version of cdrstream.`,
  },
]
