import type { OrgSetup, SinkSetup } from './engine-options.ts'

/** What a running engine is to run from now on. */
export interface EngineChange {
  /** An org or a sink that is the same object as before continues undisturbed. */
  readonly orgs: readonly OrgSetup[]
  readonly sinks: readonly SinkSetup[]
  /**
   * Called once the orgs that are removed or changed have stopped, and before others start. If it rejects, it
   * is called again later.
   */
  readonly beforeStart?: () => Promise<void>
}

/** `stopping`: the engine was stopped before everything was started. */
export type ChangeEnd = 'applied' | 'stopping'

interface Waiting {
  readonly change: EngineChange
  readonly settle: (end: ChangeEnd) => void
}

/** Applies changes one after the other, from when the loops run until the engine is stopped. */
export class ChangeQueue {
  readonly #waiting: Waiting[] = []
  #apply: ((change: EngineChange) => Promise<ChangeEnd>) | undefined
  #isClosed = false
  #busy: Promise<void> | undefined

  /** Resolves when no change is in progress any more; undefined if none is. */
  get busy(): Promise<void> | undefined {
    return this.#busy
  }

  add(change: EngineChange): Promise<ChangeEnd> {
    if (this.#isClosed) return Promise.resolve('stopping')
    const { promise, resolve } = Promise.withResolvers<ChangeEnd>()
    this.#waiting.push({ change, settle: resolve })
    this.#proceed()
    return promise
  }

  /** Starts to apply changes. */
  begin(apply: (change: EngineChange) => Promise<ChangeEnd>): void {
    this.#apply = apply
    this.#proceed()
  }

  /** Applies no further change. */
  close(): void {
    this.#isClosed = true
    for (const { settle } of this.#waiting.splice(0)) settle('stopping')
  }

  #proceed(): void {
    const apply = this.#apply
    if (apply === undefined || this.#busy !== undefined || this.#waiting.length === 0) return
    this.#busy = this.#applyAll(apply)
  }

  async #applyAll(apply: (change: EngineChange) => Promise<ChangeEnd>): Promise<void> {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      next.settle(await apply(next.change))
    }
    this.#busy = undefined
  }
}
