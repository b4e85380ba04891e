import type { Clock } from '@cdrstream/engine'

/** A clock that stands still. `expire` ends all sleeps, as if a long time had passed. */
export class CaseClock implements Clock {
  readonly #nowMs: number
  readonly #sleepers = new Set<() => void>()

  constructor(nowMs: number) {
    this.#nowMs = nowMs
  }

  nowMs(): number {
    return this.#nowMs
  }

  sleep(_ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve()
      const end = () => {
        this.#sleepers.delete(end)
        resolve()
      }
      this.#sleepers.add(end)
      signal.addEventListener('abort', end, { once: true })
    })
  }

  async yield(): Promise<void> {}

  expire(): void {
    for (const end of [...this.#sleepers]) end()
  }
}
