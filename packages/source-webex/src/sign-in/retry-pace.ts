import type { Clock } from '@cdrstream/engine'

const firstWaitMs = 1_000
const longestWaitMs = 300_000
/** Longer is not waited even if the server asks for it: records expire after 12 hours. */
const longestRetryAfterMs = 3_600_000
/** Shorter than the pause of the engine after a refusal, so that each time it comes, it is tried. */
const refusedWaitMs = 240_000

/** When a renewal may be tried again: later after each failure in a row. */
export class RetryPace {
  readonly #clock: Pick<Clock, 'nowMs'>
  #failures = 0
  #notBeforeMs = Number.NEGATIVE_INFINITY

  constructor(clock: Pick<Clock, 'nowMs'>) {
    this.#clock = clock
  }

  /** How long to wait yet, in milliseconds. */
  waitMs(): number {
    return Math.max(0, this.#notBeforeMs - this.#clock.nowMs())
  }

  failed(retryAfterMs: number | null): void {
    const growingMs = Math.min(firstWaitMs * 2 ** this.#failures, longestWaitMs)
    this.#failures += 1
    const askedForMs = Math.min(retryAfterMs ?? 0, longestRetryAfterMs)
    this.#notBeforeMs = this.#clock.nowMs() + Math.max(growingMs, askedForMs)
  }

  refused(): void {
    this.#notBeforeMs = this.#clock.nowMs() + refusedWaitMs
  }

  reset(): void {
    this.#failures = 0
    this.#notBeforeMs = Number.NEGATIVE_INFINITY
  }
}
