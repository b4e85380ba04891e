import { type RetryPace, retryWaitMs } from '@cdrstream/core'
import type { Clock } from '@cdrstream/engine'

const pace: RetryPace = { firstMs: 1_000, longestMs: 300_000 }
/** Longer waits are shortened even if the server requests them, because records expire after 12 hours. */
const maxRetryAfterMs = 3_600_000
/** Shorter than the engine's pause after a refusal, so that each of its requests causes an attempt. */
const refusedWaitMs = 240_000

/** Determines when a renewal may be tried again. The wait grows with each consecutive failure. */
export class RenewalPace {
  readonly #clock: Pick<Clock, 'nowMs'>
  readonly #chance: () => number
  #failures = 0
  #notBeforeMs = Number.NEGATIVE_INFINITY

  /** `chance` returns a random number from 0 to 1 for each wait. */
  constructor(clock: Pick<Clock, 'nowMs'>, chance: () => number) {
    this.#clock = clock
    this.#chance = chance
  }

  /** Returns the remaining wait in milliseconds. */
  waitMs(): number {
    return Math.max(0, this.#notBeforeMs - this.#clock.nowMs())
  }

  failed(retryAfterMs: number | null): void {
    const backoffMs = retryWaitMs(pace, this.#failures, this.#chance())
    this.#failures += 1
    const requestedMs = Math.min(retryAfterMs ?? 0, maxRetryAfterMs)
    this.#notBeforeMs = this.#clock.nowMs() + Math.max(backoffMs, requestedMs)
  }

  refused(): void {
    this.#notBeforeMs = this.#clock.nowMs() + refusedWaitMs
  }

  reset(): void {
    this.#failures = 0
    this.#notBeforeMs = Number.NEGATIVE_INFINITY
  }
}
