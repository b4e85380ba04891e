import { withLearned } from './learned-terms.ts'
import type { OrgState } from './org-state.ts'
import type { Span } from './span.ts'
import { deriveSchedule, type Terms } from './terms.ts'

/**
 * Returns the span of insertion time that the server can serve now: from the oldest second that has not
 * expired by the upper bound of its clock, to the head by the lower bound.
 */
export function readableSpan(state: OrgState, terms: Terms, nowMs: number): Span {
  const { aheadMinMs, aheadMaxMs } = state.server
  const { settleMs, retentionMs } = withLearned(terms, state.progress.learned).stream
  const travelMs = terms.initialRequests.perMs / 60
  // Clocks never differ by more than this. Any margin beyond it is attributed to a longer settle time.
  const oldMarginMs = Math.min(state.marginMs, maxClockMarginMs(terms))
  return {
    fromSec: Math.ceil((nowMs + aheadMaxMs + travelMs + oldMarginMs - retentionMs) / 1_000),
    toSec: Math.floor((nowMs + aheadMinMs - settleMs - state.marginMs) / 1_000),
  }
}

/** Returns the largest clock difference that a refusal of times is attributed to, in milliseconds. */
export function maxClockMarginMs(terms: Terms): number {
  return 2 * deriveSchedule(terms).perMs
}

/** Returns when the head will have advanced by one second, in milliseconds. */
export function nextHeadAtMs(state: OrgState, terms: Terms, nowMs: number): number {
  const headSec = readableSpan(state, terms, nowMs).toSec
  return (headSec + 1) * 1_000 + terms.stream.settleMs + state.marginMs - state.server.aheadMinMs
}
