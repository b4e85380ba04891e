import type { FailedEvent } from './collect-event.ts'
import { coverageEdgeSec, doubtRead } from './coverage.ts'
import type { Moment } from './moment.ts'
import { canResume } from './next-step.ts'
import { abandonReading, type OrgState, type Purpose, unservedOf } from './org-state.ts'
import { type RetryPace, retryWaitMs } from './retry-wait.ts'
import { deriveSchedule, type Terms } from './terms.ts'
import { isPassed, isSetAside, noteFailure, type Unserved } from './unserved.ts'
import { limitWindows } from './window-limit.ts'

/** The longest pause, as a multiple of the time between two initial requests. */
export const maxPauseIntervals = 5

/** Returns the state after a failed request: the window is abandoned and the next request waits. */
export function applyFailed(state: OrgState, event: FailedEvent, terms: Terms, at: Moment): OrgState {
  const { perMs } = deriveSchedule(terms)
  const noted = event.blame === 'elsewhere' ? state : blameWindow(state, event.blame, terms, at)
  const failures = state.failures + 1
  const longestMs = maxPauseIntervals * perMs
  const waitMs = failures === 1 ? 0 : retryWaitMs({ firstMs: perMs, longestMs }, failures - 2, at.chance)
  const askedForMs = Math.min(event.retryAfterMs ?? 0, longestMs)
  return {
    ...abandonReading(noted),
    failures,
    waitUntilMs: at.nowMs + Math.max(waitMs, askedForMs),
  }
}

/** Why a window is suspected: its response was too large, the API refused it, or the cause is unknown. */
type BlameCause = 'size' | 'refusal' | 'unknown'

/**
 * Remembers that the rest of the window was not served. A failure is evidence against the window only if the
 * API served others right before. A failure while nothing is served also divides windows, but is forgotten
 * with the next page.
 */
export function blameWindow(state: OrgState, cause: BlameCause, terms: Terms, at: Moment): OrgState {
  const { reading, progress } = state
  if (reading === null) return state
  const span = { fromSec: reading.readToSec, toSec: reading.window.toSec }
  const before = unservedOf(state)
  const unserved = noteFailure(before, {
    span,
    // A chain of pages without a resume point would have to be followed from its start again.
    divideAtOnce: cause === 'size' || (reading.link !== null && !canResume(reading)),
    edgeSec: coverageEdgeSec(progress.coverage, progress.originSec),
    nowMs: at.nowMs,
    pauseMs: (failures) => retryWaitMs(unservedPace(terms), failures - 1, at.chance),
  })
  const limited = limitLong(state, before, unserved, terms)
  if (state.failures >= conclusiveFailures(reading.purpose, cause)) return { ...limited, outage: unserved }
  const passed = unserved.filter((known) => isPassed(known) && !before.includes(known))
  const coverage = passed.reduce(doubtRead, progress.coverage)
  return { ...limited, outage: unserved, progress: { ...progress, coverage, unserved } }
}

/**
 * Returns how many consecutive failures may precede a failure that still counts as evidence against its
 * window. A search tolerates two. Otherwise a second bad spot would stop it, because every failure would
 * follow another one. Refusals also tolerate two: they come from the API itself, so it is not down.
 */
function conclusiveFailures(purpose: Purpose, cause: BlameCause): number {
  return purpose === 'unserved' || cause === 'refusal' ? 2 : 1
}

/**
 * Returns the wait between two requests for seconds that the API cannot serve. It doubles, so that these
 * requests use little of the budget.
 */
function unservedPace(terms: Terms): RetryPace {
  const { perMs } = deriveSchedule(terms)
  return { firstMs: maxPauseIntervals * perMs, longestMs: terms.stream.retentionMs / 12 }
}

/**
 * Halves the following windows if a long window is divided, or if several windows fail in a row: the API may
 * be unable to serve that length. Windows that the search divides say nothing about length.
 */
function limitLong(state: OrgState, before: Unserved, after: Unserved, terms: Terms): OrgState {
  const { reading, windowLimit } = state
  if (reading === null || reading.purpose === 'unserved') return state
  const lengthSec = reading.window.toSec - reading.window.fromSec
  const isDivided = after.some((known) => isSetAside(known) && !before.includes(known))
  // Head windows are short: some of their seconds cause the failures, not their length.
  const isLong =
    lengthSec >= (windowLimit?.lengthSec ?? Number.POSITIVE_INFINITY) ||
    lengthSec * 1_000 > longWindowIntervals * deriveSchedule(terms).perMs
  if (!(isDivided && isLong) && state.failures < manyFailures) return state
  return limitWindows(state, Math.floor(lengthSec / 2), terms)
}

/** The length of a head window with its look-back, as a multiple of the time between two initial requests. */
const longWindowIntervals = 4
/** After this many consecutive failures, each further one halves the windows. */
const manyFailures = 3
