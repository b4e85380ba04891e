const firstWaitMs = 1_000
const longestWaitMs = 60_000

/** How often something has failed in a row, and how long to wait before it is tried again. */
export class Patience {
  #failures = 0

  get failures(): number {
    return this.#failures
  }

  /** Counts a failure; the wait doubles with each. */
  nextWaitMs(): number {
    const waitMs = Math.min(firstWaitMs * 2 ** this.#failures, longestWaitMs)
    this.#failures += 1
    return waitMs
  }

  reset(): void {
    this.#failures = 0
  }
}
