import type { EngineOptions } from './engine-options.ts'
import type { EngineLoop } from './ports/index.ts'

/** A busy machine may delay a loop for so long. */
const graceMs = 60_000

/** Reports that a loop moves, so that a stuck one is noticed. */
export class LoopPulse {
  readonly #options: Pick<EngineOptions, 'activity' | 'platform'>
  readonly #loop: EngineLoop
  readonly #longestStepMs: number

  constructor(
    options: Pick<EngineOptions, 'activity' | 'platform'>,
    loop: EngineLoop,
    longestStepMs: number,
  ) {
    this.#options = options
    this.#loop = loop
    this.#longestStepMs = longestStepMs
    this.steps()
  }

  /** The loop begins a step. */
  steps(): void {
    this.waits(this.#longestStepMs)
  }

  /** The loop begins a wait that ends by itself after this time; Infinity if only an event ends it. */
  waits(ms: number): void {
    const { activity, platform } = this.#options
    activity?.loopMoved(this.#loop, platform.clock.nowMs() + ms + graceMs)
  }

  ended(): void {
    this.#options.activity?.loopEnded(this.#loop)
  }
}
