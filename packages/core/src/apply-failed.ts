import type { FailedEvent } from './collect-event.ts'
import { coverageEdgeSec, doubtRead } from './coverage.ts'
import { canResume } from './next-step.ts'
import { abandonReading, type OrgState, type Purpose, unservedOf } from './org-state.ts'
import { deriveSchedule, type Terms } from './terms.ts'
import { isPassed, isSetAside, noteFailure, type Unserved } from './unserved.ts'
import { limitWindows } from './window-limit.ts'

/** A pause is no longer than this many times the time between two initial requests. */
export const longestPausePers = 5

export function applyFailed(state: OrgState, event: FailedEvent, terms: Terms, nowMs: number): OrgState {
  const { perMs } = deriveSchedule(terms)
  const noted = event.blame === 'elsewhere' ? state : blameWindow(state, event.blame, terms, nowMs)
  const failures = state.failures + 1
  const pausePers = failures === 1 ? 0 : Math.min(2 ** (failures - 2), longestPausePers)
  const askedForMs = Math.min(event.retryAfterMs ?? 0, longestPausePers * perMs)
  return {
    ...abandonReading(noted),
    failures,
    waitUntilMs: nowMs + Math.max(pausePers * perMs, askedForMs),
  }
}

/**
 * Remembers that what is left of the window was not served. The failure is evidence against the window only
 * if the API served others right before; what fails while nothing is served divides windows too, but is
 * forgotten with the next page.
 */
export function blameWindow(
  state: OrgState,
  cause: 'size' | 'refusal' | 'unknown',
  terms: Terms,
  nowMs: number,
): OrgState {
  const { reading, progress } = state
  if (reading === null) return state
  const span = { fromSec: reading.readToSec, toSec: reading.window.toSec }
  const before = unservedOf(state)
  const unserved = noteFailure(before, {
    span,
    // A chain without a place to go on from would only be followed once more.
    divideAtOnce: cause === 'size' || (reading.link !== null && !canResume(reading)),
    edgeSec: coverageEdgeSec(progress.coverage, progress.originSec),
    nowMs,
    pauseMs: (failures) => retryPauseMs(failures, terms),
  })
  const limited = limitLong(state, before, unserved, terms)
  if (state.failures >= tellingFailures(reading.purpose, cause === 'refusal'))
    return { ...limited, outage: unserved }
  const passed = unserved.filter((known) => isPassed(known) && !before.includes(known))
  const coverage = passed.reduce(doubtRead, progress.coverage)
  return { ...limited, outage: unserved, progress: { ...progress, coverage, unserved } }
}

/**
 * How many failures in a row are evidence. Two of the search are: otherwise a second spot would stop it, as
 * every failure would follow on another. So are two refusals: the API itself wrote them, so it is there.
 */
function tellingFailures(purpose: Purpose, isRefused: boolean): number {
  return purpose === 'unserved' || isRefused ? 2 : 1
}

/**
 * The wait between two requests for seconds that the API cannot serve: it doubles, so that they take little
 * from the others.
 */
function retryPauseMs(failures: number, terms: Terms): number {
  const { perMs } = deriveSchedule(terms)
  return Math.min(longestPausePers * perMs * 2 ** Math.min(failures - 1, 20), terms.stream.retentionMs / 12)
}

/**
 * Halves the windows to come if a long one is divided, or one after another fails: it may be the length that
 * the API does not serve. What the search divides says nothing of it.
 */
function limitLong(state: OrgState, before: Unserved, after: Unserved, terms: Terms): OrgState {
  const { reading, windowLimit } = state
  if (reading === null || reading.purpose === 'unserved') return state
  const lengthSec = reading.window.toSec - reading.window.fromSec
  const isDivided = after.some((known) => isSetAside(known) && !before.includes(known))
  // Windows of the head are short: what fails in one is not its length, but some of its seconds.
  const isLong =
    lengthSec >= (windowLimit?.lengthSec ?? Number.POSITIVE_INFINITY) ||
    lengthSec * 1_000 > longPers * deriveSchedule(terms).perMs
  if (!(isDivided && isLong) && state.failures < manyFailures) return state
  return limitWindows(state, Math.floor(lengthSec / 2), terms)
}

/**
 * Windows of the head with their look-back are this many times the time between two initial requests long.
 */
const longPers = 4
/** After this many failures in a row, each one halves the windows. */
const manyFailures = 3
