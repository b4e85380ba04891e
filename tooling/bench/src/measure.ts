import { setTimeout } from 'node:timers/promises'

/** A figure in the report: the time of `measured` compared with the time of `baseline` in the same run. */
export interface Ratio {
  readonly what: string
  /** Medians, in milliseconds per page. */
  readonly baselineMs: number
  readonly measuredMs: number
  /** What the figure means and which value it must reach. */
  readonly goal: Goal
}

type Goal =
  /** `baseline / measured` must be at least `floor`. */
  | { readonly kind: 'times-faster'; readonly floor: number; readonly aim: number }
  /** `measured / baseline` must be at most `floor`. */
  | { readonly kind: 'share-of-time'; readonly floor: number; readonly aim: number }
  /** Reported without a goal. */
  | { readonly kind: 'reported' }

export interface Timed {
  /** Rounds that are not counted, while V8 and the server still optimize their code. Default: 5. */
  readonly warmUp?: number
  /** Runs before each round, outside the measured time. */
  readonly before?: () => Promise<void> | void
  readonly baseline: () => Promise<void> | void
  readonly measured: () => Promise<void> | void
}

const defaultWarmUpRounds = 5
/** After a garbage collection, V8 keeps sweeping on other threads for a while. */
const settleMs = 50

/**
 * Alternates between the two, so that changes in machine load affect both. Returns medians in milliseconds.
 */
export async function measure(
  rounds: number,
  work: Timed,
): Promise<{ baselineMs: number; measuredMs: number }> {
  const { warmUp = defaultWarmUpRounds } = work
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

/** Returns the figure in the form that its goal uses. */
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
