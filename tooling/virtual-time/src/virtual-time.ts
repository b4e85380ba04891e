interface Timer {
  readonly atMs: number
  readonly order: number
  readonly wake: () => void
}

/** Time that passes only when nothing else is left to do. One for the whole world; each process in it has a `ProcessClock`. */
export class VirtualTime {
  #nowMs: number
  #order = 0
  #timers: Timer[] = []
  /** Calls that do real work, such as reading a file: time stands still while one is under way. */
  #working = 0

  constructor(startMs: number) {
    this.#nowMs = startMs
  }

  get nowMs(): number {
    return this.#nowMs
  }

  /** Wakes at this time; the returned function takes that back. */
  at(atMs: number, wake: () => void): () => void {
    const timer = { atMs: Math.max(atMs, this.#nowMs), order: ++this.#order, wake }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer)
    }
  }

  async work<Result>(promise: Promise<Result>): Promise<Result> {
    this.#working += 1
    try {
      return await promise
    } finally {
      this.#working -= 1
    }
  }

  /** Lets time pass until the condition holds, or until this time; true if the condition held. */
  async passUntil(untilMs: number, condition: () => boolean = () => false): Promise<boolean> {
    while (true) {
      await this.#settle()
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

  /** Until every promise that can go on without time has gone on. */
  async #settle(): Promise<void> {
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
 * The clock of one process, as the engine's port wants it. When the process is killed, none of its sleeps
 * ends.
 */
export class ProcessClock {
  readonly #time: VirtualTime
  readonly #killed: () => boolean
  readonly #aheadMs: number

  /**
   * `aheadMs`: by how much the system's clock was ahead of the real time when the process started, in
   * milliseconds; negative: behind. A process keeps that error until it ends, because its clock is steady.
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
