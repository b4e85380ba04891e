import type { Writable } from 'node:stream'

/** Standard output, for the results of a command. */
export class StandardOutput {
  readonly #stream: Writable
  #failure: Error | undefined

  constructor(stream: Writable) {
    this.#stream = stream
    // Without a listener, a full disk would terminate the process with a stack trace.
    stream.on('error', (error) => this.#failed(error))
  }

  /** Whether something could not be written. From then on, nothing is written. */
  get isGone(): boolean {
    return this.#failure !== undefined
  }

  print(text: string): void {
    if (this.#failure === undefined) this.#stream.write(text, (error) => this.#failed(error))
  }

  /**
   * Returns the reason why output could not be written, or undefined if it was. A reader that ends early,
   * such as `head`, is not a problem.
   */
  async problem(): Promise<string | undefined> {
    await new Promise<void>((resolve) => this.#stream.write('', () => resolve()))
    if (this.#failure === undefined) return undefined
    const code = 'code' in this.#failure ? String(this.#failure.code) : 'unknown'
    return code === 'EPIPE' ? undefined : `the results cannot be written to standard output (${code})`
  }

  #failed(error: Error | null | undefined): void {
    this.#failure ??= error ?? undefined
  }
}
