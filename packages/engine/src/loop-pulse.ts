import type { EngineOptions } from './engine-options.ts'
import type { EngineLoop } from './ports/index.ts'

/** How long a busy machine can delay a loop. */
const graceMs = 60_000

/** Reports a loop's progress, so that a stuck loop is noticed. */
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

  /** Reports that the loop begins a step. */
  steps(): void {
    this.waits(this.#longestStepMs)
  }

  /** Reports that the loop begins a wait of this length; Infinity if only an event ends it. */
  waits(ms: number): void {
    const { activity, platform } = this.#options
    activity?.loopMoved(this.#loop, platform.clock.nowMs() + ms + graceMs)
  }

  ended(): void {
    this.#options.activity?.loopEnded(this.#loop)
  }
}
