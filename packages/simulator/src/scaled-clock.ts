import type { SimulatorClock } from './simulator-options.ts'

/** A clock that begins now at `startMs` and goes `factor` times as fast as real time. */
export function scaledClock(
  factor: number,
  startMs: number,
  realTime: SimulatorClock = { nowMs: Date.now },
): SimulatorClock {
  const beganMs = realTime.nowMs()
  return { nowMs: () => Math.floor(startMs + (realTime.nowMs() - beganMs) * factor) }
}
