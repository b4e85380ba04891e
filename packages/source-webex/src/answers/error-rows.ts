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

/** What an administrator does about each thing that a 403 may miss (API facts, section 2). */
const controlHub = {
  role: 'In Control Hub (admin.webex.com), Management, Users: open the user who signed in, Administrator roles, and give the role "Webex Calling Detailed Call History API access"; then sign in again as that user.',
  scope:
    'At developer.webex.com, My Webex Apps, open the app and add the scope spark-admin:calling_cdr_read; then sign in again (`cdrstream login`), or for a service app authorize it again in Control Hub and generate new tokens. A bot token never has this scope.',
  app: 'In Control Hub (admin.webex.com), Management, Apps: a full administrator opens Service Apps (or Integrations), the app, and authorizes it for this org; then sign in again.',
} as const

/** Answers of any other status. */
export const errorRows: readonly AnswerRow[] = [
  {
    when: { kind: 'answered', statuses: [[300, 399]] },
    code: 'redirected',
    meaning: 'A redirect. It could lead the token elsewhere, so it is never followed.',
    outcome: { kind: 'refused', reason: 'other' },
    remedy: `The address that is asked leads elsewhere. ${between} Or webex.baseUrl is wrong: leave the key out to use Webex itself.`,
  },
  {
    when: { kind: 'answered', statuses: [400] },
    code: 'window-refused',
    meaning:
      'The times are not accepted: too recent or too old by the server’s clock, or an old link. Its Date header gives a new estimate of that clock, and the window is planned anew with a margin that grows.',
    outcome: { kind: 'refused', reason: 'window' },
    remedy:
      'Webex refuses the times that were asked for: guessing its clock anew. If it stays, see that the clock of this machine is right, and the names in `locations` are those of Control Hub, Management, Locations.',
  },
  {
    when: { kind: 'answered', statuses: [401], sign: isTokenRefused },
    code: 'token-refused',
    meaning: 'The access token is not valid, and cannot be renewed. The code is that of the sign-in.',
    outcome: { kind: 'refused', reason: 'token' },
    remedy: 'The access token is refused. Give a new one.',
  },
  {
    when: { kind: 'answered', statuses: [401] },
    code: 'token-ended',
    meaning: 'The access token has ended: the next request has another one.',
    outcome: { kind: 'failed', reason: 'token' },
    remedy: 'Webex does not take the access token any more: renewing it.',
  },
  {
    when: { kind: 'answered', statuses: [403], sign: isHtml },
    code: 'blocked',
    meaning: 'Not the API, but something between.',
    outcome: { kind: 'refused', reason: 'other' },
    remedy: `${between} Let it pass https to the host of the region, or set HTTPS_PROXY.`,
  },
  {
    when: {
      kind: 'answered',
      statuses: [403],
      sign: isAbout(
        'scope',
        'an error that speaks of scopes alone, or the header `WWW-Authenticate: … insufficient_scope`',
      ),
    },
    code: 'scope-missing',
    meaning: 'The token does not allow to read call detail records.',
    outcome: { kind: 'refused', reason: 'permission' },
    remedy: controlHub.scope,
  },
  {
    when: {
      kind: 'answered',
      statuses: [403],
      sign: isAbout('app', 'an error that says that the app is not authorized'),
    },
    code: 'app-not-authorized',
    meaning: 'No administrator of the org has allowed the integration or service app, or not any more.',
    outcome: { kind: 'refused', reason: 'permission' },
    remedy: controlHub.app,
  },
  {
    when: { kind: 'answered', statuses: [403], sign: isAbout('role', 'an error that speaks of roles alone') },
    code: 'role-missing',
    meaning: 'The user who authorized the token lacks the administrator role.',
    outcome: { kind: 'refused', reason: 'permission' },
    remedy: controlHub.role,
  },
  {
    when: { kind: 'answered', statuses: [403] },
    code: 'permission',
    meaning: 'Scope, role or app authorization: the body leaves open which, as the usual one does.',
    outcome: { kind: 'refused', reason: 'permission' },
    remedy: `Webex does not let this user read call detail records. Look in this order. 1. ${controlHub.role} 2. ${controlHub.scope} 3. ${controlHub.app}`,
  },
  {
    when: { kind: 'answered', statuses: [404], sign: saysNoRecords },
    code: 'no-records',
    meaning: 'The window has no records: seen instead of an empty list.',
    outcome: { kind: 'page', items: 'none' },
    remedy: null,
  },
  {
    when: { kind: 'answered', statuses: [404], sign: isBodyLost },
    code: 'body-lost',
    meaning: 'Its body would have told which 404 it is.',
    outcome: { kind: 'failed', reason: 'malformed' },
    remedy: `An answer broke off. ${keepsTrying}`,
  },
  {
    when: { kind: 'answered', statuses: [404], sign: isNotFoundAgain },
    code: 'not-found',
    meaning: 'A wrong host or path. Never "no records".',
    outcome: { kind: 'refused', reason: 'other' },
    remedy:
      'There are no call detail records at the address that is asked. See that webex.baseUrl is right (it ends with /v1), or leave the key out to use Webex itself. If it is left out, give Cisco’s support the TrackingID.',
  },
  {
    when: { kind: 'answered', statuses: [404] },
    code: 'not-found-yet',
    meaning:
      'Not trusted at once, neither as "no records" nor as a wrong address: a gateway that restarts says the same.',
    outcome: { kind: 'failed', reason: 'unavailable' },
    remedy: `Webex says that there is nothing at the address that is asked. ${keepsTrying}`,
  },
  {
    when: { kind: 'answered', statuses: [407] },
    code: 'proxy-sign-in',
    meaning: 'The proxy wants a user name and a password.',
    outcome: { kind: 'refused', reason: 'other' },
    remedy: 'The proxy wants a sign-in: put it into HTTPS_PROXY, as http://user:password@host:port.',
  },
  {
    when: { kind: 'answered', statuses: [405, 410, 415] },
    code: 'request-refused',
    meaning: 'The address does not take such requests, or not any more.',
    outcome: { kind: 'refused', reason: 'other' },
    remedy:
      'Webex does not take the request. See that webex.baseUrl is right, or leave the key out. Else look for a newer version of cdrstream: the API may have changed.',
  },
  {
    when: { kind: 'answered', statuses: [429] },
    code: 'limited',
    meaning:
      'The rate limit is reached, although we keep it: someone else uses the credential too. Three in a row are said.',
    outcome: { kind: 'limited' },
    remedy: null,
  },
  {
    when: { kind: 'answered', statuses: [451], sign: regionIs('moved', 'names a host that is allowed') },
    code: 'region-moved',
    meaning: 'The org lives in another region: that one is asked from now on, and remembered.',
    outcome: { kind: 'failed', reason: 'region' },
    remedy: 'The records of this org are at {host}: asking there from now on.',
  },
  {
    when: {
      kind: 'answered',
      statuses: [451],
      sign: regionIs('ping-pong', 'names a host that itself sent us away since the last page'),
    },
    code: 'region-ping-pong',
    meaning:
      'Two regions each say that the org lives in the other: it may be moving. They are asked in turn.',
    outcome: { kind: 'refused', reason: 'region' },
    remedy:
      'Each of two regions of Webex says that this org is in the other ({host} is the next to be asked). It may be moving: wait. If it takes more than an hour, open a case with Cisco’s support and give the TrackingID; if you know the region, set `region`.',
  },
  {
    when: {
      kind: 'answered',
      statuses: [451],
      sign: regionIs('fixed', 'names a host, and `region` is fixed by the configuration'),
    },
    code: 'wrong-region',
    meaning: 'The org lives in another region than configured.',
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
    meaning: 'The token does not go to hosts that nobody allowed.',
    outcome: { kind: 'refused', reason: 'region' },
    remedy:
      'The answer leads to {host}, which is none of the hosts that may get the token. If Cisco’s documentation names it as a region of Webex Calling, add it to webex.allowedHosts. Otherwise someone between may be after the token: tell your network’s security.',
  },
  {
    when: { kind: 'answered', statuses: [451] },
    code: 'region-unknown',
    meaning: 'The org lives in another region, and the body does not say which.',
    outcome: { kind: 'refused', reason: 'region' },
    remedy:
      'This org lives in another region, and Webex does not say which. Set `region` (us, eu, in, au or gov): Control Hub, Management, Organization settings, Data locality names it.',
  },
  {
    when: { kind: 'answered', statuses: [504] },
    code: 'gateway-timeout',
    meaning: 'The window may have been too much for the server.',
    outcome: { kind: 'failed', reason: 'unavailable' },
    remedy: `Webex takes too long for the window: asking for shorter ones. ${keepsTrying}`,
  },
  {
    when: { kind: 'answered', statuses: [409, 423, 428, [500, 599]] },
    code: 'unavailable',
    meaning: 'The API is not available at the moment.',
    outcome: { kind: 'failed', reason: 'unavailable' },
    remedy: `Webex is not available (status.webex.com tells of known outages). ${keepsTrying}`,
  },
  {
    when: { kind: 'answered', statuses: [[0, 999]] },
    code: 'unexpected-status',
    meaning: 'A status that is not documented.',
    outcome: { kind: 'failed', reason: 'unavailable' },
    remedy: `Webex answers with a status that is not documented. ${keepsTrying} If it stays, look for a newer version of cdrstream.`,
  },
]
