import type { Call, Failed, Retry } from '@cdrstream/plugin'
import { classified } from '@cdrstream/sink-kit'
import { classifyError } from './classify-error.ts'

/**
 * Runs the calls to a sink one after the other, even when the engine has given up waiting for a call that
 * hangs in the operating system: the next one must not work in the same directory meanwhile.
 */
export class CallQueue {
  #last: Promise<unknown> = Promise.resolve()

  /** Does the work once every earlier call has settled. An error becomes an outcome. */
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

  /** Waits until every call so far has settled. */
  async idle(): Promise<void> {
    await this.#last
  }
}
