import type { OrgSetup, SinkSetup } from './engine-options.ts'

/** The orgs and sinks that a running engine switches to. */
export interface EngineChange {
  /** An org or sink that is the same object as before continues undisturbed. */
  readonly orgs: readonly OrgSetup[]
  readonly sinks: readonly SinkSetup[]
  /**
   * Called after the removed and changed orgs have stopped and before any org starts. Retried until it
   * succeeds.
   */
  readonly beforeStart?: () => Promise<void>
}

/** `stopping`: the engine was stopped before the change was complete. */
export type ChangeEnd = 'applied' | 'stopping'

interface Waiting {
  readonly change: EngineChange
  readonly settle: (end: ChangeEnd) => void
}

/** Applies changes one at a time, from when the loops start until the engine is stopped. */
export class ChangeQueue {
  readonly #waiting: Waiting[] = []
  #apply: ((change: EngineChange) => Promise<ChangeEnd>) | undefined
  #isClosed = false
  #busy: Promise<void> | undefined

  /** Resolves when all queued changes have been applied. Undefined if no change is in progress. */
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

  /** Starts applying changes. */
  begin(apply: (change: EngineChange) => Promise<ChangeEnd>): void {
    this.#apply = apply
    this.#proceed()
  }

  /** Resolves waiting and later changes to `stopping`, without applying them. */
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
