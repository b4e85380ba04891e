import type { SimulatorClock } from './simulator-options.ts'

/** Returns a clock that starts at `startMs` and runs `factor` times as fast as real time. */
export function scaledClock(
  factor: number,
  startMs: number,
  realTime: SimulatorClock = { nowMs: Date.now },
): SimulatorClock {
  const beganMs = realTime.nowMs()
  return { nowMs: () => Math.floor(startMs + (realTime.nowMs() - beganMs) * factor) }
}
