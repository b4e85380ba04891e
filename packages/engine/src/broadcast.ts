/** Lets any number of waiters know that something has changed. */
export class Broadcast {
  #waiters: (() => void)[] = []

  notify(): void {
    const waiters = this.#waiters
    this.#waiters = []
    for (const wake of waiters) wake()
  }

  /** Aborted at the next notification. `dispose` it when it is no longer waited for. */
  next(): { readonly signal: AbortSignal; dispose(): void } {
    const controller = new AbortController()
    const wake = () => controller.abort()
    this.#waiters.push(wake)
    return {
      signal: controller.signal,
      dispose: () => {
        this.#waiters = this.#waiters.filter((waiter) => waiter !== wake)
      },
    }
  }
}
