import type { StallWatch } from './stall-watch.ts'

/**
 * Reports the progress of one org to the stall watch, so that mode `once` ends when there is none. Waiting
 * for the rate limit is not a stall, except after a request without progress.
 */
export class Patience {
  readonly #stall: StallWatch
  #isProgress = true

  constructor(stall: StallWatch) {
    this.#stall = stall
  }

  /** Notes that a page is in the journal. */
  noteProgress(): void {
    this.#isProgress = true
    this.#stall.noteProgress()
  }

  /** Notes whether the answer to a request meant progress. */
  answered(isProgress: boolean): void {
    this.#isProgress = isProgress
  }

  /** Notes that the rate limit allows nothing before this time, in milliseconds; Infinity if unknown. */
  waitsUntil(ms: number): void {
    if (this.#isProgress && Number.isFinite(ms)) this.#stall.waitsUntil(ms)
  }
}
