import { setTimeout as delay } from 'node:timers/promises'

const firstWaitMs = 10
const longestWaitMs = 500

/** Waits between attempts, longer each time, and gives up when there has been no progress for too long. */
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

  /** Returns false if it has taken too long. */
  async wait(): Promise<boolean> {
    if (performance.now() - this.#sinceMs > this.#patienceMs) return false
    await delay(this.#waitMs)
    this.#waitMs = Math.min(2 * this.#waitMs, longestWaitMs)
    return true
  }
}
