import { foreignUserAfter } from '@cdrstream/core/budget'
import type { Answer, FailedAnswer, LimitedAnswer, RefusedAnswer } from '@cdrstream/engine'
import { notChecked, type OrgCheckName, ok, problem, type Result, warning } from './check.ts'
import { judgeClock } from './judge-clock.ts'

/** The response to the one request, and the facts known about it. */
export interface Answered {
  readonly answer: Answer<undefined>
  readonly sentAtMs: number
  /** How many responses in a row were 429, including this one. */
  readonly limitedInARow: number
  /** The host that the request was sent to. */
  readonly host: string
}

export type OrgResults = Readonly<Record<OrgCheckName, Result>>

/**
 * Returns each check's result for a response. Codes and remedies are the same as for the collector's
 * responses (docs/api-behaviour.md) and sign-in.
 */
export function judgeAnswer(answered: Answered): OrgResults {
  const { answer, sentAtMs, host } = answered
  const { answeredAtMs } = answer
  const reached = {
    ...allNotChecked('not-told', 'this cannot be determined from this response'),
    connection: ok('answered', `${host} answers`),
    clock: clockOf(answer, sentAtMs),
    limits: ok('limit-kept', "Webex accepted this minute's request"),
  }
  switch (answer.kind) {
    case 'page':
      return {
        ...reached,
        token: ok('token-accepted', 'Webex accepts the access token'),
        scope: ok('scope-granted', 'the token can read call detail records'),
        role: ok(
          'role-granted',
          'the user who signed in has the role "Webex Calling Detailed Call History API access"',
        ),
        region: ok('region-right', `the records of the org are at ${host}`),
      }
    case 'limited':
      return {
        ...reached,
        ...notTold(
          'limited',
          'Webex answered 429; this cannot be determined from that response',
          'token',
          'scope',
          'role',
          'region',
        ),
        limits: limited(answer, answered.limitedInARow),
      }
    case 'refused':
      return { ...reached, ...refused(answer, reached.clock) }
    case 'failed':
      return answeredAtMs === null
        ? {
            ...allNotChecked('no-answer', 'there was no answer'),
            connection: unanswered(answer, host),
          }
        : { ...reached, ...failed(answer, host) }
  }
}

/** Returns the results if no request was sent to the API because the token endpoint returned no token. */
export function judgeNoToken(answer: RefusedAnswer | FailedAnswer): OrgResults {
  return {
    ...allNotChecked('no-token', 'no request can be sent without an access token'),
    token:
      answer.kind === 'refused'
        ? problem(answer.code ?? 'token-refused', `no access token${said(answer)}`, answer.remedy ?? null)
        : problem(
            'sign-in-failed',
            `the token endpoint returned no access token${said(answer)}`,
            'Check that this machine can reach webexapis.com (or the host of webex.tokenUrl) over https. Behind a proxy, set HTTPS_PROXY. If the message names a file, check that the directory `sign-in` beside the journal is writable. A collector retries on its own.',
          ),
  }
}

export function allNotChecked(code: string, message: string): OrgResults {
  const result = notChecked(code, message)
  return {
    connection: result,
    token: result,
    scope: result,
    role: result,
    region: result,
    clock: result,
    limits: result,
  }
}

function notTold(code: string, message: string, ...names: readonly OrgCheckName[]): Partial<OrgResults> {
  return Object.fromEntries(names.map((name) => [name, notChecked(code, message)]))
}

function clockOf({ serverDateMs, answeredAtMs }: Answer<undefined>, sentAtMs: number): Result {
  return answeredAtMs === null
    ? notChecked('no-answer', 'there was no answer')
    : judgeClock(serverDateMs, sentAtMs, answeredAtMs)
}

function limited({ retryAfterMs }: LimitedAnswer, inARow: number): Result {
  const wish = retryAfterMs === null ? '' : ` and asks to wait ${Math.ceil(retryAfterMs / 1_000)} s`
  const remedy =
    'The rate limit belongs to the token. Look for another collector, a script or a reporting tool that reads call detail records with the same token, and give each of them its own integration or service app.'
  return inARow >= foreignUserAfter
    ? problem(
        'credential-shared',
        `Webex answered 429 ${inARow} times in a row, although cdrstream stays within the limit: another program uses this credential`,
        remedy,
      )
    : warning(
        'limited',
        `Webex answered 429${wish}, although cdrstream sent nothing else in this minute: another program uses this credential`,
        remedy,
      )
}

function refused(answer: RefusedAnswer, clock: Result): Partial<OrgResults> {
  const { reason, code = reason, remedy = null } = answer
  const found = problem(code, `Webex refuses the request${said(answer)}`, remedy)
  switch (reason) {
    case 'token':
      return {
        token: found,
        ...notTold('no-token', 'Webex checks the token first', 'scope', 'role', 'region'),
      }
    case 'permission':
      return permission(code, found)
    case 'region':
      return {
        region: found,
        ...notTold('other-region', 'this can only be checked in the right region', 'token', 'scope', 'role'),
      }
    case 'window':
      // A clock that is off by hours is the reason, and the only thing to fix.
      return { clock: clock.level === 'warning' ? clock : found }
    case 'other':
      return { connection: found }
  }
}

function permission(code: string, found: Result): Partial<OrgResults> {
  const token = ok('token-accepted', 'Webex accepts the access token')
  switch (code) {
    case 'scope-missing':
    case 'app-not-authorized':
      return { token, scope: found, ...notTold(code, 'Webex checks the scope first', 'role') }
    case 'role-missing':
      return {
        token,
        role: found,
        scope: ok('scope-granted', 'the token has the scope; only the role is missing'),
      }
    default:
      // Either can be missing, and the response does not say which. The remedy names both.
      return {
        token,
        role: found,
        ...notTold(code, 'Webex does not say which is missing: see role', 'scope'),
      }
  }
}

/** Returns the results for a response that is of no use. */
function failed(answer: FailedAnswer, host: string): Partial<OrgResults> {
  const { reason, code = reason, remedy = null } = answer
  switch (reason) {
    case 'region':
      return {
        region: ok(
          code,
          `this org is at ${answer.host ?? 'another host'}, not at ${host}; doctor has stored that`,
        ),
        ...notTold(
          code,
          'run doctor again in a minute: it will send the request to that host',
          'token',
          'scope',
          'role',
        ),
      }
    case 'token':
      return {
        token: problem(
          code,
          `Webex does not accept the access token that it has just issued${said(answer)}`,
          'Check that webex.tokenUrl and webex.baseUrl (or region) belong to the same Webex cloud: both commercial, or both government. If they do, run doctor again in a minute.',
        ),
      }
    default:
      return { connection: useless(answer, code, remedy, host) }
  }
}

/** Failures that usually resolve without any action. */
const passing = new Set([
  'unavailable',
  'gateway-timeout',
  'unexpected-status',
  'body-late',
  'body-cut',
  'body-lost',
  'body-empty',
])

function useless(answer: FailedAnswer, code: string, remedy: string | null, host: string): Result {
  const message = `${host} returned an unusable response${said(answer)}`
  if (passing.has(code)) return warning(code, message, remedy)
  return problem(code, message, code === 'not-found-yet' ? notFoundRemedy : remedy)
}

/** The response's usual remedy promises a retry, but doctor does not retry. */
const notFoundRemedy =
  'Check that webex.baseUrl is right (it ends with /v1), or remove the key to use Webex itself. If it is not set, run doctor again in a minute: Webex may be restarting.'

function unanswered(answer: FailedAnswer, host: string): Result {
  const { reason, code = reason, remedy = null } = answer
  return problem(code, `${host} does not answer${said(answer)}`, unansweredRemedies[code] ?? remedy)
}

const unansweredRemedies: Readonly<Record<string, string>> = {
  unreachable:
    'Check that no firewall blocks https from this machine to that host. Behind a proxy, set HTTPS_PROXY, and check that the proxy is running. If webex.baseUrl is set, check its host and port.',
  'no-answer':
    'The connection works, but no answer came within 30 seconds. Check status.webex.com, and whether a proxy or firewall holds the answer back. Then run doctor again.',
}

/** Returns the API's message, and the id by which Cisco support finds the request. */
function said({ status, detail, trackingId }: RefusedAnswer | FailedAnswer): string {
  const what = [status === null ? '' : String(status), detail].filter(Boolean).join(' ')
  const tracking = status === null || trackingId === null ? '' : ` (TrackingID ${trackingId})`
  return what === '' ? '' : `: ${what}${tracking}`
}
