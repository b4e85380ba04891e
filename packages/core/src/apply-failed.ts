import type { FailedEvent } from './collect-event.ts'
import { coverageEdgeSec, doubtRead } from './coverage.ts'
import { canResume } from './next-step.ts'
import { abandonReading, type OrgState, unservedOf } from './org-state.ts'
import { deriveSchedule, type Terms } from './terms.ts'
import { isPassed, noteFailure } from './unserved.ts'

/** A pause is no longer than this many times the time between two initial requests. */
export const longestPausePers = 5

export function applyFailed(state: OrgState, event: FailedEvent, terms: Terms, nowMs: number): OrgState {
  const { perMs } = deriveSchedule(terms)
  const noted = event.blame === 'elsewhere' ? state : blameWindow(state, event.blame === 'size', terms, nowMs)
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
 * if the API served the request before; what fails while nothing is served divides windows too, but is
 * forgotten with the next page.
 */
export function blameWindow(state: OrgState, isSize: boolean, terms: Terms, nowMs: number): OrgState {
  const { reading, progress } = state
  if (reading === null) return state
  const span = { fromSec: reading.readToSec, toSec: reading.window.toSec }
  const before = unservedOf(state)
  const unserved = noteFailure(before, {
    span,
    // A chain without a place to go on from would only be followed once more.
    divideAtOnce: isSize || (reading.link !== null && !canResume(reading)),
    edgeSec: coverageEdgeSec(progress.coverage, progress.originSec),
    nowMs,
    pauseMs: (failures) => retryPauseMs(failures, terms),
  })
  // Where one window after another fails, shorter ones may do.
  const limited = limitWindow(state, isSize || state.failures >= 2, terms)
  if (state.failures > 0) return { ...limited, outage: unserved }
  const passed = unserved.filter((known) => isPassed(known) && !before.includes(known))
  const coverage = passed.reduce(doubtRead, progress.coverage)
  return { ...limited, outage: unserved, progress: { ...progress, coverage, unserved } }
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
 * Halves the windows to come if this one was too much for one answer, or could not be followed to its end.
 * They stay long enough for the head to keep up: what fails at that length is divided where it failed, and
 * nowhere else.
 */
function limitWindow(state: OrgState, isSize: boolean, terms: Terms): OrgState {
  const { reading } = state
  if (reading === null || (canResume(reading) && !isSize)) return state
  if (reading.link === null && !isSize) return state
  return limitTo(state, Math.floor((reading.window.toSec - reading.window.fromSec) / 2), terms)
}

/** Limits the windows to come to this length, or to the shortest one with which the head keeps up. */
export function limitTo(state: OrgState, lengthSec: number, terms: Terms): OrgState {
  const limitSec = Math.max(shortestLimitSec(terms), lengthSec)
  const known = state.windowLimitSec ?? Math.floor(terms.stream.maxWindowMs / 1_000)
  return limitSec < known ? { ...state, windowLimitSec: limitSec } : state
}

export function shortestLimitSec(terms: Terms): number {
  return Math.max(1, Math.ceil((2 * deriveSchedule(terms).perMs) / 1_000))
}
