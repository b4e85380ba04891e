import type { Call, Failed, Retry } from '@cdrstream/plugin'
import { classified } from '@cdrstream/sink-kit'
import { classifyError } from './classify-error.ts'

/**
 * Runs the calls to a sink one after another. If the engine has given up on a call that hangs in the
 * operating system, the next call still waits, because it must not use the same directory at the same time.
 */
export class CallQueue {
  #last: Promise<unknown> = Promise.resolve()

  /**
   * Runs the work once all earlier calls have settled, and returns its outcome. An error becomes an outcome.
   */
  run<Outcome>({ signal }: Call, work: () => Promise<Outcome>): Promise<Outcome | Retry | Failed> {
    const call = this.#last.then(() =>
      classified(async () => {
        signal.throwIfAborted()
        return await work()
      }, classifyError),
    )
    this.#last = call
    return call
  }

  /** Resolves when all calls so far have settled. */
  async idle(): Promise<void> {
    await this.#last
  }
}
