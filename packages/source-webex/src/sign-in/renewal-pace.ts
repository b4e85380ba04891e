import { type RetryPace, retryWaitMs } from '@cdrstream/core'
import type { Clock } from '@cdrstream/engine'

const pace: RetryPace = { firstMs: 1_000, longestMs: 300_000 }
/** Longer is not waited even if the server asks for it: records expire after 12 hours. */
const longestRetryAfterMs = 3_600_000
/** Shorter than the pause of the engine after a refusal, so that each time it comes, it is tried. */
const refusedWaitMs = 240_000

/** When a renewal may be tried again: later after each failure in a row. */
export class RenewalPace {
  readonly #clock: Pick<Clock, 'nowMs'>
  readonly #chance: () => number
  #failures = 0
  #notBeforeMs = Number.NEGATIVE_INFINITY

  /** `chance`: from 0 to 1, drawn anew for each wait. */
  constructor(clock: Pick<Clock, 'nowMs'>, chance: () => number) {
    this.#clock = clock
    this.#chance = chance
  }

  /** How long to wait yet, in milliseconds. */
  waitMs(): number {
    return Math.max(0, this.#notBeforeMs - this.#clock.nowMs())
  }

  failed(retryAfterMs: number | null): void {
    const growingMs = retryWaitMs(pace, this.#failures, this.#chance())
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
