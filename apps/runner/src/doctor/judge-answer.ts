import { foreignUserAfter } from '@cdrstream/core'
import type { Answer, FailedAnswer, LimitedAnswer, RefusedAnswer } from '@cdrstream/engine'
import { notChecked, type OrgCheckName, ok, problem, type Result, warning } from './check.ts'
import { judgeClock } from './judge-clock.ts'

/** The answer to the one request, and what is known of it besides. */
export interface Answered {
  readonly answer: Answer<undefined>
  readonly sentAtMs: number
  /** How many answers in a row were 429, this one among them. */
  readonly limitedInARow: number
  /** The host that was asked. */
  readonly host: string
}

export type OrgResults = Readonly<Record<OrgCheckName, Result>>

/**
 * What an answer tells of each thing. Codes and remedies are those of the answers (docs/api-behaviour.md) and
 * of the sign-in.
 */
export function judgeAnswer(answered: Answered): OrgResults {
  const { answer, sentAtMs, host } = answered
  const { answeredAtMs } = answer
  const reached = {
    ...allNotChecked('not-told', 'the answer does not tell'),
    connection: ok('answered', `${host} answers`),
    clock: clockOf(answer, sentAtMs),
    limits: ok('limit-kept', 'Webex let the one request of this minute pass'),
  }
  switch (answer.kind) {
    case 'page':
      return {
        ...reached,
        token: ok('token-accepted', 'Webex takes the access token'),
        scope: ok('scope-granted', 'the token may read call detail records'),
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
          'Webex answered 429, and told nothing else',
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

/** No token could be had from the token address, so nothing was asked of the API. */
export function judgeNoToken(answer: RefusedAnswer | FailedAnswer): OrgResults {
  return {
    ...allNotChecked('no-token', 'without an access token Webex cannot be asked'),
    token:
      answer.kind === 'refused'
        ? problem(
            answer.code ?? 'token-refused',
            `no access token could be had${said(answer)}`,
            answer.remedy ?? null,
          )
        : problem(
            'sign-in-failed',
            `the token address gave no access token${said(answer)}`,
            'See that this machine reaches webexapis.com by https (for webex.tokenUrl: its host); behind a proxy, set HTTPS_PROXY. If the file system is the reason, see that the directory `sign-in` beside the journal can be written to. A collector tries again by itself.',
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
  const wish = retryAfterMs === null ? '' : `, and wants ${Math.ceil(retryAfterMs / 1_000)} s of rest`
  const remedy =
    'The limit belongs to the token: look for another collector, a script or a reporting tool that reads call detail records with it, and give each of them an integration or service app of its own.'
  return inARow >= foreignUserAfter
    ? problem(
        'credential-shared',
        `Webex answered 429 for the ${inARow}th time in a row, although cdrstream keeps the limit: someone else uses this credential`,
        remedy,
      )
    : warning(
        'limited',
        `Webex answers 429, although cdrstream has sent nothing within a minute${wish}: someone else uses this credential`,
        remedy,
      )
}

function refused(answer: RefusedAnswer, clock: Result): Partial<OrgResults> {
  const { reason, code = reason, remedy = null } = answer
  const found = problem(code, `Webex refuses${said(answer)}`, remedy)
  switch (reason) {
    case 'token':
      return {
        token: found,
        ...notTold('no-token', 'Webex looks at the token first', 'scope', 'role', 'region'),
      }
    case 'permission':
      return permission(code, found)
    case 'region':
      return {
        region: found,
        ...notTold('other-region', 'only the right region tells', 'token', 'scope', 'role'),
      }
    case 'window':
      // A clock that is off by hours is reason enough, and then the only thing to fix.
      return { clock: clock.level === 'warning' ? clock : found }
    case 'other':
      return { connection: found }
  }
}

function permission(code: string, found: Result): Partial<OrgResults> {
  const token = ok('token-accepted', 'Webex takes the access token')
  switch (code) {
    case 'scope-missing':
    case 'app-not-authorized':
      return { token, scope: found, ...notTold(code, 'the scope comes first', 'role') }
    case 'role-missing':
      return { token, role: found, scope: ok('scope-granted', 'Webex misses the role alone') }
    default:
      // One of the two, and nobody knows which: the remedy names both.
      return { token, role: found, ...notTold(code, 'Webex leaves open which is missing: see role', 'scope') }
  }
}

/** An answer that is of no use, though there was one. */
function failed(answer: FailedAnswer, host: string): Partial<OrgResults> {
  const { reason, code = reason, remedy = null } = answer
  switch (reason) {
    case 'region':
      return {
        region: ok(code, `this org is at ${answer.host ?? 'another host'}, not at ${host}: remembered`),
        ...notTold(code, 'run doctor again in a minute: it then asks there', 'token', 'scope', 'role'),
      }
    case 'token':
      return {
        token: problem(
          code,
          `Webex does not take the access token that it gave a moment ago${said(answer)}`,
          'See that webex.tokenUrl and webex.baseUrl (or region) belong to the same Webex: both commercial, or both government. If they do, run doctor again in a minute.',
        ),
      }
    default:
      return { connection: useless(answer, code, remedy, host) }
  }
}

/** What passes by itself: Webex has its troubles, and a line its bad moments. */
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
  const message = `${host} gives an answer that is of no use${said(answer)}`
  if (passing.has(code)) return warning(code, message, remedy)
  return problem(code, message, code === 'not-found-yet' ? notFoundRemedy : remedy)
}

/** Whoever asks once cannot say that it is tried again. */
const notFoundRemedy =
  'See that webex.baseUrl is right (it ends with /v1), or leave the key out to use Webex itself. If it is left out, run doctor again in a minute: Webex may be restarting.'

function unanswered(answer: FailedAnswer, host: string): Result {
  const { reason, code = reason, remedy = null } = answer
  return problem(code, `${host} does not answer${said(answer)}`, unansweredRemedies[code] ?? remedy)
}

const unansweredRemedies: Readonly<Record<string, string>> = {
  unreachable:
    'See that a firewall lets https pass from this machine to that host; behind a proxy, set HTTPS_PROXY, or see that the proxy in it is right and runs. If webex.baseUrl is set, see that host and port are right.',
  'no-answer':
    'There is a connection, and no answer within 30 seconds. Look at status.webex.com, and whether a proxy or firewall between holds the answer back; then run doctor again.',
}

/** The API's own words, and what Cisco's support finds the request by. */
function said({ status, detail, trackingId }: RefusedAnswer | FailedAnswer): string {
  const what = [status === null ? '' : String(status), detail].filter(Boolean).join(' ')
  const tracking = status === null || trackingId === null ? '' : ` (TrackingID ${trackingId})`
  return what === '' ? '' : `: ${what}${tracking}`
}
