import type { SinkSession } from '@cdrstream/plugin'
import { describeTrouble } from './call-sink.ts'
import type { DeliveryLog } from './delivery-log.ts'
import type { SinkCalls } from './sink-calls.ts'

/** Holds a sink's open session, if there is one. */
export class HeldSession {
  readonly #calls: SinkCalls
  readonly #log: DeliveryLog
  #session: SinkSession | undefined

  constructor(calls: SinkCalls, log: DeliveryLog) {
    this.#calls = calls
    this.#log = log
  }

  get current(): SinkSession | undefined {
    return this.#session
  }

  /** Returns the session. Throws if none is open. */
  get opened(): SinkSession {
    if (this.#session === undefined) throw new Error('the sink is not open')
    return this.#session
  }

  hold(session: SinkSession): void {
    this.#session = session
  }

  /** Closes the session, if one is open. */
  async close(): Promise<void> {
    const session = this.#session
    this.#session = undefined
    if (session !== undefined) await this.closeOther(session)
  }

  /** Closes a session that this object does not hold and nothing else uses. */
  async closeOther(session: SinkSession): Promise<void> {
    const trouble = await this.#calls.close(session)
    if (trouble === undefined) this.#log.closed()
    else this.#log.notClosed(describeTrouble(trouble))
  }
}
