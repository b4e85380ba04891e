import type { Terminal } from '../terminal.ts'

/** Catches SIGHUP from process startup on, and passes it to the handler once there is one. */
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

  /** Sets the handler, and calls it immediately if a signal has already arrived. */
  handle(handle: () => void): void {
    this.#handle = handle
    if (this.#hasArrived) handle()
    this.#hasArrived = false
  }

  [Symbol.dispose](): void {
    this.#listener[Symbol.dispose]()
  }
}
