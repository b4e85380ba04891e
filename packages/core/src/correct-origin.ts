import { firstProgress, type OrgState } from './org-state.ts'
import type { Progress } from './progress.ts'
import { clocksAgree, type ServerClock } from './server-clock.ts'
import type { Terms } from './terms.ts'

/**
 * Returns the state with a reliable origin. The first origin comes from our clock, because it has to be
 * durable before the first request; a clock that is hours ahead would otherwise skip these hours. Called when
 * a response has shown the server's time, and always with the first page.
 */
export function correctOrigin(state: OrgState, terms: Terms, nowMs: number): OrgState {
  const { originPresumed, ...stored } = state.progress
  if (originPresumed === undefined) return state
  // The clock may have been different at an earlier start. An origin that is too early only causes more
  // reading.
  const { originPresumed: _, ...fresh } = firstProgress(originPresumed.reachMs, terms, nowMs)
  const earlier = fresh.originSec < stored.originSec ? fresh : stored
  return { ...state, progress: shiftProgress(earlier, correctionSec(state.server)) }
}

/**
 * Returns the lower bound of the correction: an origin slightly too early reads slightly more, whereas a late
 * one loses records.
 */
function correctionSec(server: ServerClock): number {
  return clocksAgree(server) ? 0 : Math.floor(server.aheadMinMs / 1_000)
}

function shiftProgress(progress: Progress, bySec: number): Progress {
  return {
    ...progress,
    originSec: progress.originSec + bySec,
    auditedToSec: progress.auditedToSec + bySec,
    coverage: progress.coverage.map(({ fromSec, toSec, level }) => ({
      fromSec: fromSec + bySec,
      toSec: toSec + bySec,
      level,
    })),
  }
}
