interface Timer {
  readonly atMs: number
  readonly order: number
  readonly wake: () => void
}

/** Virtual time, which advances only when no other work is pending. All processes of a world share it. */
export class VirtualTime {
  #nowMs: number
  #order = 0
  #timers: Timer[] = []
  /**
   * The number of calls in progress that do real work, such as reading a file. Time stands still during them.
   */
  #working = 0

  constructor(startMs: number) {
    this.#nowMs = startMs
  }

  get nowMs(): number {
    return this.#nowMs
  }

  /** Calls `wake` at this time. Returns a function that cancels it. */
  at(atMs: number, wake: () => void): () => void {
    const timer = { atMs: Math.max(atMs, this.#nowMs), order: ++this.#order, wake }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer)
    }
  }

  /** Awaits a promise that does real work, such as reading a file. Time stands still until it settles. */
  async work<Result>(promise: Promise<Result>): Promise<Result> {
    this.#working += 1
    try {
      return await promise
    } finally {
      this.#working -= 1
    }
  }

  /** Advances time until the condition holds or this time is reached. Returns whether the condition held. */
  async passUntil(untilMs: number, condition: () => boolean = () => false): Promise<boolean> {
    while (true) {
      await this.#untilIdle()
      if (condition()) return true
      const next = this.#takeNext(untilMs)
      if (next === undefined) {
        this.#nowMs = untilMs
        return false
      }
      this.#nowMs = next.atMs
      next.wake()
    }
  }

  /** Waits until nothing can proceed unless time advances. */
  async #untilIdle(): Promise<void> {
    do await new Promise((resolve) => setImmediate(resolve))
    while (this.#working > 0)
  }

  #takeNext(untilMs: number): Timer | undefined {
    let first: Timer | undefined
    for (const timer of this.#timers) {
      if (
        first === undefined ||
        timer.atMs < first.atMs ||
        (timer.atMs === first.atMs && timer.order < first.order)
      ) {
        first = timer
      }
    }
    if (first === undefined || first.atMs > untilMs) return undefined
    this.#timers = this.#timers.filter((timer) => timer !== first)
    return first
  }
}

/**
 * The clock of one process, which implements the engine's port. Once the process is killed, its sleeps never
 * end.
 */
export class ProcessClock {
  readonly #time: VirtualTime
  readonly #killed: () => boolean
  readonly #aheadMs: number

  /**
   * `aheadMs` is how far the system's clock was ahead of real time when the process started, in milliseconds
   * (negative: behind). A process keeps that error until it ends, because its clock is monotonic.
   */
  constructor(time: VirtualTime, killed: () => boolean, aheadMs = 0) {
    this.#time = time
    this.#killed = killed
    this.#aheadMs = aheadMs
  }

  nowMs(): number {
    return this.#time.nowMs + this.#aheadMs
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve()
      const end = () => {
        cancel()
        signal.removeEventListener('abort', end)
        if (!this.#killed()) resolve()
      }
      const cancel = this.#time.at(this.#time.nowMs + ms, end)
      signal.addEventListener('abort', end)
    })
  }

  yield(): Promise<void> {
    return Promise.resolve()
  }
}
