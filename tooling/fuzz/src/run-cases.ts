import { checkCase } from './check/check-case.ts'
import type { Problem } from './check/problem.ts'
import type { Subject } from './check/subject.ts'
import { makeCase } from './make/make-case.ts'
import { type MemoryGrowth, MemoryWatch } from './memory-watch.ts'

export interface RunOptions {
  readonly seed: number
  /** The first case. Default: 0. */
  readonly from?: number
  /** How many cases to run. */
  readonly cases: number
  readonly subject: Subject
  /**
   * How much more memory may be in use at the end than after the first thousand cases, in bytes. Default:
   * 32,000,000.
   */
  readonly maxGrowthBytes?: number
  /** Called from time to time, with the number of finished cases. */
  readonly onProgress?: (done: number) => void
}

export interface RunResult extends MemoryGrowth {
  /** The first failures, each with the numbers needed to replay it. */
  readonly failed: readonly FailedCase[]
  readonly outcomes: ReadonlyMap<string, number>
  readonly accepted: number
  readonly quarantined: number
  readonly repeated: number
}

interface FailedCase extends Problem {
  /** `npm run fuzz -- --seed … --case …` */
  readonly seed: number
  readonly case: number
}

const maxFailed = 10
const batchCases = 1_000
/** Room for several bodies at once, and for garbage that is not yet collected. */
const maxPeakGrowthBytes = 512_000_000
/** In real time. A case takes a fraction of a millisecond. */
const batchMs = 60_000

/** Runs the cases one after another. Stops after ten failures. */
export async function runCases(options: RunOptions): Promise<RunResult> {
  const { from = 0, cases, maxGrowthBytes = 32_000_000 } = options
  const run = new Run(options)
  const onRejection = (cause: unknown) => run.fail('crash', `unhandled rejection: ${cause}`)
  process.on('unhandledRejection', onRejection)
  try {
    const memory = new MemoryWatch()
    for (let done = 0; done < cases && run.failed.length < maxFailed; done += batchCases) {
      const count = Math.min(batchCases, cases - done)
      if (!(await finishesInTime(run.batch(from + done, count)))) {
        run.fail('hung', `no answer after ${batchMs} ms`)
        break
      }
      await memory.sample()
      options.onProgress?.(done + count)
    }
    const { growthBytes, peakGrowthBytes } = await memory.end()
    if (growthBytes > maxGrowthBytes) run.fail('memory', `memory in use grew by ${growthBytes} bytes`)
    if (peakGrowthBytes > maxPeakGrowthBytes)
      run.fail('memory', `the resident set grew by ${peakGrowthBytes} bytes`)
    return { ...run.result(), growthBytes, peakGrowthBytes }
  } finally {
    process.off('unhandledRejection', onRejection)
  }
}

class Run {
  readonly failed: FailedCase[] = []
  readonly #options: RunOptions
  readonly #outcomes = new Map<string, number>()
  readonly #counts = { accepted: 0, quarantined: 0, repeated: 0 }
  #number = 0

  constructor(options: RunOptions) {
    this.#options = options
  }

  async batch(from: number, count: number): Promise<void> {
    const { seed, subject } = this.#options
    for (this.#number = from; this.#number < from + count; this.#number += 1) {
      const at = { seed, number: this.#number }
      const { problems, outcome, counts } = await checkCase(makeCase(seed, this.#number), subject, at)
      this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + 1)
      this.#counts.accepted += counts.accepted
      this.#counts.quarantined += counts.quarantined
      this.#counts.repeated += counts.repeated
      for (const { kind, detail } of problems) this.fail(kind, detail)
      if (this.failed.length >= maxFailed) return
    }
  }

  fail(kind: Problem['kind'], detail: string): void {
    this.failed.push({ kind, detail, seed: this.#options.seed, case: this.#number })
  }

  result() {
    return { failed: this.failed, outcomes: this.#outcomes, ...this.#counts }
  }
}

async function finishesInTime(work: Promise<void>): Promise<boolean> {
  const late = Promise.withResolvers<boolean>()
  const timer = setTimeout(late.resolve, batchMs, false)
  try {
    return await Promise.race([work.then(() => true), late.promise])
  } finally {
    clearTimeout(timer)
  }
}
