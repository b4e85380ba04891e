import { type Debugger, Session } from 'node:inspector'
import { setTimeout } from 'node:timers/promises'

/** The code that the main thread is running. */
export interface Place {
  /** The innermost line: `file:///path/my-sink.ts:12`. */
  readonly at: string
  /** The modules on the stack, the innermost first. */
  readonly urls: readonly string[]
}

/** Generous, because running JavaScript pauses within a millisecond. */
const longestPauseMs = 2_000

/** The main thread as its debugger sees it, from another thread. */
export class MainThread implements Disposable {
  readonly #session = new Session()
  /** The URL of each script, which the frames do not contain. */
  readonly #urls = new Map<string, string>()

  constructor() {
    this.#session.connectToMainThread()
    this.#session.on('Debugger.scriptParsed', ({ params }) => {
      this.#urls.set(params.scriptId, params.url)
    })
  }

  /**
   * Pauses the JavaScript in the main thread. Returns undefined if none is running, such as while it waits
   * for a disk.
   */
  async pause(): Promise<Place | undefined> {
    const paused = new Promise<Place>((resolve) => {
      this.#session.once('Debugger.paused', ({ params }) => resolve(this.#placeOf(params.callFrames)))
    })
    this.#session.post('Debugger.enable')
    this.#session.post('Debugger.pause')
    return Promise.race([paused, setTimeout(longestPauseMs, undefined)])
  }

  async resume(): Promise<void> {
    this.#session.post('Debugger.resume')
    // This also cancels a pause that has not taken effect yet.
    this.#session.post('Debugger.disable')
  }

  /** Ends the process, whose main thread is paused. */
  async exit(code: number): Promise<never> {
    this.#session.post('Runtime.evaluate', { expression: `process.exit(${code})` })
    await setTimeout(longestPauseMs)
    process.kill(process.pid, 'SIGKILL')
    return setTimeout(longestPauseMs) as Promise<never>
  }

  [Symbol.dispose](): void {
    this.#session.disconnect()
  }

  #placeOf(frames: readonly Debugger.CallFrame[]): Place {
    const lines = frames.map(({ location: { scriptId, lineNumber } }) => ({
      url: this.#urls.get(scriptId) ?? '',
      line: lineNumber + 1,
    }))
    const own = lines.filter(({ url }) => url.startsWith('file:'))
    const [innermost] = own
    const at = innermost === undefined ? 'unknown' : `${innermost.url}:${innermost.line}`
    return { at, urls: own.map(({ url }) => url) }
  }
}
