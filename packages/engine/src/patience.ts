import type { StallWatch } from './stall-watch.ts'

/**
 * Reports one org's progress to the stall watch, so that mode `once` ends when progress stops. Waiting for
 * the rate limit is not a stall, except after a request without progress.
 */
export class Patience {
  readonly #stall: StallWatch
  #isProgress = true

  constructor(stall: StallWatch) {
    this.#stall = stall
  }

  /** Called when a page is in the journal. */
  noteProgress(): void {
    this.#isProgress = true
    this.#stall.noteProgress()
  }

  /** Called after each response, with whether it was progress. */
  answered(isProgress: boolean): void {
    this.#isProgress = isProgress
  }

  /** Called when the rate limit allows no request before this time, in milliseconds; Infinity if unknown. */
  waitsUntil(ms: number): void {
    if (this.#isProgress && Number.isFinite(ms)) this.#stall.waitsUntil(ms)
  }
}
