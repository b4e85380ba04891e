import { setTimeout } from 'node:timers/promises'

/** One figure of the table: how long `measured` takes against `baseline`, both in this run. */
export interface Ratio {
  readonly what: string
  /** Medians, in milliseconds a page. */
  readonly baselineMs: number
  readonly measuredMs: number
  /** What the figure means, and what it has to be. */
  readonly goal: Goal
}

type Goal =
  /** `baseline / measured` has to be at least this: so many times faster. */
  | { readonly kind: 'times-faster'; readonly floor: number; readonly aim: number }
  /** `measured / baseline` may be at most this: that part of the time. */
  | { readonly kind: 'share-of-time'; readonly floor: number; readonly aim: number }
  /** Reported, without a goal. */
  | { readonly kind: 'reported' }

export interface Timed {
  /** Rounds that are not counted, until V8, and a server, have made fast code of what they do. Default 5. */
  readonly warmUp?: number
  /** Before each round, outside of the measured time. */
  readonly before?: () => Promise<void> | void
  readonly baseline: () => Promise<void> | void
  readonly measured: () => Promise<void> | void
}

const fewWarmUpRounds = 5
/** V8 sweeps in other threads for a while after a collection. */
const settleMs = 50

/** Runs both in turn, so that the machine's moods meet both alike; gives medians in milliseconds. */
export async function measure(
  rounds: number,
  work: Timed,
): Promise<{ baselineMs: number; measuredMs: number }> {
  const { warmUp = fewWarmUpRounds } = work
  const baseline: number[] = []
  const measured: number[] = []
  for (let round = 0; round < rounds + warmUp; round += 1) {
    await work.before?.()
    baseline.push(await time(work.baseline))
    measured.push(await time(work.measured))
  }
  return {
    baselineMs: median(baseline.slice(warmUp)),
    measuredMs: median(measured.slice(warmUp)),
  }
}

async function time(work: () => Promise<void> | void): Promise<number> {
  globalThis.gc?.()
  await setTimeout(settleMs)
  const fromMs = performance.now()
  await work()
  return performance.now() - fromMs
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** The figure as the goal counts it. */
export function figure({ goal, baselineMs, measuredMs }: Ratio): number {
  return goal.kind === 'times-faster' ? baselineMs / measuredMs : measuredMs / baselineMs
}

export function holds(ratio: Ratio): boolean {
  switch (ratio.goal.kind) {
    case 'times-faster':
      return figure(ratio) >= ratio.goal.floor
    case 'share-of-time':
      return figure(ratio) <= ratio.goal.floor
    case 'reported':
      return true
  }
}
