import { coverageEdgeSec, type Progress, type Terms } from '@cdrstream/core'
import { allowedAtMs, type Budget } from '@cdrstream/core/budget'
import { isoTime } from '../status/iso-time.ts'
import { showSpan } from '../status/show-amount.ts'
import type { SignInStatus } from '../status/status.ts'
import { notChecked, ok, problem, type Result, warning } from './check.ts'
import type { OrgResults } from './judge-answer.ts'
import { refreshTokenEnd } from './judge-sign-in.ts'

export interface CollectorKnows {
  readonly signIn: SignInStatus
  /** Undefined if nothing has been collected yet. */
  readonly progress: Progress | undefined
  readonly budget: Budget
  readonly terms: Terms
  readonly nowMs: number
  /** The problem that the collector reports about the org. */
  readonly reported: Result | undefined
}

/**
 * Returns the results for an org whose tokens a running collector renews. Nothing is sent, because a second
 * renewal could invalidate the collector's token. The data that the collector has stored is checked instead.
 */
export function judgeCollector(known: CollectorKnows): OrgResults {
  const reading = judgeReading(known)
  const others =
    reading.level === 'ok'
      ? reading
      : notChecked(reading.code, 'the collector is not reading: see connection')
  return {
    connection: reading,
    token: judgeStored(known.signIn),
    scope: others,
    role: others,
    region: others,
    clock: notChecked('collector-runs', 'no request was sent: the running collector has the tokens'),
    limits: judgeBudget(known),
  }
}

function judgeReading({ reported, progress, terms, nowMs }: CollectorKnows): Result {
  if (reported !== undefined) return reported
  const silentMs = terms.stream.settleMs + 10 * terms.initialRequests.perMs
  const edgeMs = progress === undefined ? 0 : coverageEdgeSec(progress.coverage, progress.originSec) * 1_000
  if (nowMs - edgeMs <= silentMs) {
    return ok('collector-reads', `works: the running collector has read up to ${isoTime(edgeMs)}`)
  }
  const since = progress === undefined ? 'yet' : `newer than ${showSpan((nowMs - edgeMs) / 1_000)} yet`
  return warning(
    'collector-does-not-read',
    `no request was sent: the running collector has the tokens; it has read nothing ${since}`,
    'If it has just started, wait a few minutes. Otherwise, the last line in its log with this org and a `code` shows what is wrong. Or stop the collector and run doctor again: it then sends the request itself.',
  )
}

function judgeStored(signIn: SignInStatus): Result {
  switch (signIn.state) {
    case 'fixed':
    case 'signed-in':
      return (
        refreshTokenEnd(signIn.refreshTokenEndsInDays) ??
        ok('signed-in', `the collector has renewed the tokens; the access token expires ${when(signIn)}`)
      )
    case 'not-used':
      return warning(
        'not-renewed-yet',
        'the collector has not used the configured refresh token yet',
        'If it has just started, wait a few minutes. Otherwise, the last line in its log with a `code` and this org as `credential` shows the reason.',
      )
    case 'signed-out':
      return problem('refresh-token-missing', 'there is no refresh token', login)
    case 'ended':
      return problem('refresh-token-ended', 'the refresh token has expired', login)
    case 'renewal-due':
      return problem(
        'not-renewed',
        `the access token expired ${when(signIn)}, and the collector could not renew it`,
        'The last line in the collector log with a `code` and this org as `credential` shows the reason. Or stop the collector and run doctor again: it then renews the token itself and reports what is wrong.',
      )
    case 'unreadable':
      return problem(
        'token-file-not-understood',
        'the stored sign-in cannot be read',
        'Run doctor as the user that runs the collector. If you did, the file in `sign-in` beside the journal is damaged: move it to another directory and sign in again (with `cdrstream login`, or for a service app with a new refresh token).',
      )
  }
}

const login =
  'For an integration: run `cdrstream login` and sign in as an administrator with the role "Webex Calling Detailed Call History API access"; the collector uses it within five minutes. For a service app: generate new tokens at developer.webex.com, My Webex Apps, and put the refresh token into auth.refreshToken.'

function when({ accessTokenEndsAt }: SignInStatus): string {
  return accessTokenEndsAt === null ? 'at an unknown time' : `at ${accessTokenEndsAt}`
}

function judgeBudget({ budget, terms, nowMs }: CollectorKnows): Result {
  if (budget.notBeforeMs > nowMs) {
    return warning(
      'pushed-back',
      `Webex answered 429 (${budget.limitedInARow} in a row); the collector waits another ${showSpan((budget.notBeforeMs - nowMs) / 1_000)}`,
      'If it happens again, another program uses this credential: look for another collector, a script or a reporting tool that reads call detail records with it.',
    )
  }
  const atMs = allowedAtMs(budget, 'initial', terms)
  return ok(
    'limit-kept',
    atMs > nowMs ? "the collector has used this minute's request" : "this minute's request is available",
  )
}
