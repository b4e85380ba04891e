import type { SinkConfiguration } from '../configuration/configuration.ts'
import { type WatchedSink, watchEventLoop } from './watch-event-loop.ts'

/** Watches the event loop while there are custom sinks. A watch takes a thread, so built-in ones get none. */
export class SinkWatch implements Disposable {
  readonly #pretty: boolean
  #sinks: readonly WatchedSink[] = []
  #watch: Disposable | undefined

  constructor(sinks: readonly SinkConfiguration[], pretty: boolean) {
    this.#pretty = pretty
    this.update(sinks)
  }

  update(sinks: readonly SinkConfiguration[]): void {
    const custom = sinks.flatMap(({ name, sink: { url } }) => (url === undefined ? [] : [{ name, url }]))
    if (JSON.stringify(custom) === JSON.stringify(this.#sinks)) return
    this.#sinks = custom
    this.#watch?.[Symbol.dispose]()
    this.#watch = custom.length === 0 ? undefined : watchEventLoop({ sinks: custom, pretty: this.#pretty })
  }

  [Symbol.dispose](): void {
    this.#watch?.[Symbol.dispose]()
  }
}
