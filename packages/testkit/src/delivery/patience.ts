import { setTimeout as delay } from 'node:timers/promises'

const firstWaitMs = 10
const maxWaitMs = 500

/** Waits between attempts, longer each time, and gives up after too long without progress. */
export class Patience {
  readonly #patienceMs: number
  #sinceMs = performance.now()
  #waitMs = firstWaitMs

  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs
  }

  progress(): void {
    this.#sinceMs = performance.now()
    this.#waitMs = firstWaitMs
  }

  /** Waits until the next attempt. Returns false, without waiting, if there was no progress for too long. */
  async wait(): Promise<boolean> {
    if (performance.now() - this.#sinceMs > this.#patienceMs) return false
    await delay(this.#waitMs)
    this.#waitMs = Math.min(2 * this.#waitMs, maxWaitMs)
    return true
  }
}
