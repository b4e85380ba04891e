/** Notifies any number of waiters of a change. */
export class Broadcast {
  #waiters: (() => void)[] = []

  notify(): void {
    const waiters = this.#waiters
    this.#waiters = []
    for (const wake of waiters) wake()
  }

  /** Returns a signal that is aborted at the next notification. Call `dispose` when no longer waiting. */
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
