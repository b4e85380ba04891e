import type { Clock } from './ports/clock.ts'

/** Detects that neither an org nor a sink has made progress for too long. */
export class StallWatch {
  readonly #clock: Clock
  readonly #timeoutMs: number
  #deadlineMs: number

  /** `timeoutMs`: how long progress can stop; Infinity for no limit. */
  constructor(clock: Clock, timeoutMs: number) {
    this.#clock = clock
    this.#timeoutMs = timeoutMs
    this.#deadlineMs = clock.nowMs() + timeoutMs
  }

  /** Called when something was committed to the journal or accepted by a sink. */
  noteProgress(): void {
    this.waitsUntil(this.#clock.nowMs())
  }

  /**
   * Called when no progress is possible until this time although nothing is wrong, because of the rate limit.
   */
  waitsUntil(ms: number): void {
    this.#deadlineMs = Math.max(this.#deadlineMs, ms + this.#timeoutMs)
  }

  /**
   * Resolves to true when there has been no progress for too long, or to false when the signal is aborted.
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
