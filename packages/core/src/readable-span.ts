import { withLearned } from './learned-terms.ts'
import type { OrgState } from './org-state.ts'
import type { Span } from './span.ts'
import type { Terms } from './terms.ts'

/**
 * The span of insertion time that the server will give now: from the oldest second that has not expired by the upper end of its
 * clock, to the head by the lower end.
 */
export function readableSpan(state: OrgState, terms: Terms, nowMs: number): Span {
  const { aheadMinMs, aheadMaxMs } = state.server
  const { settleMs, retentionMs } = withLearned(terms, state.progress.learned).stream
  const travelMs = terms.initialRequests.perMs / 60
  return {
    fromSec: Math.ceil((nowMs + aheadMaxMs + travelMs + state.marginMs - retentionMs) / 1_000),
    toSec: Math.floor((nowMs + aheadMinMs - settleMs - state.marginMs) / 1_000),
  }
}

/** When the head will have moved on by a second. */
export function nextHeadAtMs(state: OrgState, terms: Terms, nowMs: number): number {
  const headSec = readableSpan(state, terms, nowMs).toSec
  return (headSec + 1) * 1_000 + terms.stream.settleMs + state.marginMs - state.server.aheadMinMs
}
