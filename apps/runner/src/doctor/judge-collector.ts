import { allowedAtMs, type Budget, coverageEdgeSec, type Progress, type Terms } from '@cdrstream/core'
import { isoTime } from '../status/iso-time.ts'
import { showSpan } from '../status/show-amount.ts'
import type { SignInStatus } from '../status/status.ts'
import { notChecked, ok, problem, type Result, warning } from './check.ts'
import type { OrgResults } from './judge-answer.ts'
import { refreshTokenEnd } from './judge-sign-in.ts'

export interface CollectorKnows {
  readonly signIn: SignInStatus
  /** Undefined: nothing was collected yet. */
  readonly progress: Progress | undefined
  readonly budget: Budget
  readonly terms: Terms
  readonly nowMs: number
}

/**
 * Of an org whose tokens are renewed, while a collector runs: a second refresh could end the first one's
 * token, so nothing is asked, and what the collector has stored tells instead.
 */
export function judgeCollector(known: CollectorKnows): OrgResults {
  const reading = judgeReading(known)
  const others =
    reading.level === 'ok' ? reading : notChecked(reading.code, 'the collector reads nothing: see connection')
  return {
    connection: reading,
    token: judgeStored(known.signIn),
    scope: others,
    role: others,
    region: others,
    clock: notChecked('collector-runs', 'not asked: the collector that runs has the tokens'),
    limits: judgeBudget(known),
  }
}

function judgeReading({ progress, terms, nowMs }: CollectorKnows): Result {
  const silentMs = terms.stream.settleMs + 10 * terms.initialRequests.perMs
  const edgeMs = progress === undefined ? 0 : coverageEdgeSec(progress.coverage, progress.originSec) * 1_000
  if (nowMs - edgeMs <= silentMs) {
    return ok(
      'collector-reads',
      `the collector that runs has read up to ${isoTime(edgeMs)}, which would not work otherwise`,
    )
  }
  const since = progress === undefined ? 'yet' : `newer than ${showSpan((nowMs - edgeMs) / 1_000)} yet`
  return warning(
    'collector-does-not-read',
    `not asked: the collector that runs has the tokens; and it has read nothing ${since}`,
    'If it has just been started, wait a few minutes. Else the last line of this org in its log that has a `code` says what is in the way; or stop the collector, and run doctor again: then Webex is asked.',
  )
}

function judgeStored(signIn: SignInStatus): Result {
  switch (signIn.state) {
    case 'fixed':
    case 'signed-in':
      return (
        refreshTokenEnd(signIn.refreshTokenEndsInDays) ??
        ok('signed-in', `the collector has renewed the tokens; the access token ends ${when(signIn)}`)
      )
    case 'not-used':
      return warning(
        'not-renewed-yet',
        'the collector has not used the configured refresh token yet',
        'If it has just been started, wait a few minutes. Else its log says why, in the last line with a `code` and this org as `credential`.',
      )
    case 'signed-out':
      return problem('refresh-token-missing', 'there is no refresh token', login)
    case 'ended':
      return problem('refresh-token-ended', 'the refresh token has ended', login)
    case 'renewal-due':
      return problem(
        'not-renewed',
        `the access token ended ${when(signIn)}, and the collector could not renew it`,
        'The log of the collector says why, in the last line with a `code` and this org as `credential`. Or stop the collector, and run doctor again: it then renews the token itself, and tells what is in the way.',
      )
    case 'unreadable':
      return problem(
        'token-file-not-understood',
        'the stored sign-in cannot be read',
        'Run doctor as the user who collects. If it is that user, the file in `sign-in` beside the journal is damaged: move it away, and sign in again (`cdrstream login`; a service app: give it a new refresh token).',
      )
  }
}

const login =
  'For an integration: run `cdrstream login`, and sign in as the administrator who has the role "Webex Calling Detailed Call History API access"; the collector takes it up within five minutes. For a service app: generate new tokens at developer.webex.com, My Webex Apps, and put the refresh token into auth.refreshToken.'

function when({ accessTokenEndsAt }: SignInStatus): string {
  return accessTokenEndsAt === null ? 'at a time that is not known' : `at ${accessTokenEndsAt}`
}

function judgeBudget({ budget, terms, nowMs }: CollectorKnows): Result {
  if (budget.notBeforeMs > nowMs) {
    return warning(
      'pushed-back',
      `Webex has answered 429 (${budget.limitedInARow} in a row): the collector asks again in ${showSpan((budget.notBeforeMs - nowMs) / 1_000)}`,
      'If it comes again, someone else uses this credential: look for another collector, a script or a reporting tool that reads call detail records with it.',
    )
  }
  const atMs = allowedAtMs(budget, 'initial', terms)
  return ok(
    'limit-kept',
    atMs > nowMs ? 'the collector has used the request of this minute' : 'the request of this minute is free',
  )
}
