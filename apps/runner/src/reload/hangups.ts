import type { Terminal } from '../terminal.ts'

/** Receives SIGHUP from the start of the process, and passes it on once someone handles it. */
export class Hangups implements Disposable {
  readonly #listener: Disposable
  #handle: (() => void) | undefined
  #hasArrived = false

  constructor(terminal: Pick<Terminal, 'onHangup'>) {
    this.#listener = terminal.onHangup(() => {
      if (this.#handle === undefined) this.#hasArrived = true
      else this.#handle()
    })
  }

  /** Handles signals from now on, including one that has already arrived. */
  handle(handle: () => void): void {
    this.#handle = handle
    if (this.#hasArrived) handle()
    this.#hasArrived = false
  }

  [Symbol.dispose](): void {
    this.#listener[Symbol.dispose]()
  }
}
