import type { Clock } from './ports/clock.ts'

/** Knows since when nothing has moved on, neither an org nor a sink. */
export class StallWatch {
  readonly #clock: Clock
  readonly #timeoutMs: number
  #deadlineMs: number

  /** `timeoutMs`: for so long nothing need move on; Infinity: for ever. */
  constructor(clock: Clock, timeoutMs: number) {
    this.#clock = clock
    this.#timeoutMs = timeoutMs
    this.#deadlineMs = clock.nowMs() + timeoutMs
  }

  /** Something was committed to the journal, or accepted by a sink. */
  movedOn(): void {
    this.waitsUntil(this.#clock.nowMs())
  }

  /** Until this time, nothing can move on, and nothing is wrong: the rate limit has to be waited for. */
  waitsUntil(ms: number): void {
    this.#deadlineMs = Math.max(this.#deadlineMs, ms + this.#timeoutMs)
  }

  /**
   * Resolves with true as soon as nothing has moved on for too long, or with false when the signal is
   * aborted.
   */
  async stalled(ended: AbortSignal): Promise<boolean> {
    while (!ended.aborted) {
      const leftMs = this.#deadlineMs - this.#clock.nowMs()
      if (leftMs <= 0) return true
      await this.#clock.sleep(leftMs, ended)
    }
    return false
  }
}
