import type { Clock } from '@cdrstream/engine'
import { ProcessClock, type VirtualTime } from '@cdrstream-internal/virtual-time'
import type { ClockPlan } from '../plan/plan.ts'

/**
 * Returns the clock of one process. It shows whole milliseconds, keeps its error from the start, and may
 * drift.
 */
export function processClock(
  time: VirtualTime,
  isOver: () => boolean,
  { aheadMs, driftPpm }: ClockPlan,
): Clock {
  const clock = new ProcessClock(time, isOver, aheadMs)
  const startedMs = clock.nowMs()
  const rate = 1 + driftPpm / 1e6
  return {
    nowMs: () => Math.floor(startedMs + (clock.nowMs() - startedMs) * rate),
    sleep: (ms, signal) => clock.sleep(ms / rate, signal),
    yield: () => clock.yield(),
  }
}
