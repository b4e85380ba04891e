import { cdrRecords, type RecordMask, type StoredRecord } from '@cdrstream/core'
import { createWords } from '@cdrstream/core/words'
import type { Call, CdrRecord, Position, SinkSession, WriteOutcome } from '@cdrstream/plugin'
import { type Called, callSink, type Thrown } from './call-sink.ts'
import type { EngineOptions, SinkSetup } from './engine-options.ts'
import { knownWrite } from './known-outcome.ts'
import { observeWrite } from './observe-write.ts'
import { outwardOutcome } from './outward-outcome.ts'
import type { PageTraces } from './page-traces.ts'

const closeMs = 10_000
const withoutSecrets = createWords([])

/** The options for calls to a sink. */
export interface SinkCallsOptions extends Pick<EngineOptions, 'platform' | 'words'> {
  readonly setup: Pick<SinkSetup, 'name'>
  /** Default: write traces link to no page. */
  readonly pages?: PageTraces
  /** Hides the parts of a record that the sink must not see. */
  readonly mask: RecordMask
  readonly timeoutMs: number
  /** Aborts every call. */
  readonly deadline: AbortSignal
}

/** A batch of records as the journal returns them. */
export interface JournalBatch {
  readonly records: readonly StoredRecord[]
  readonly from: Position
  readonly to: Position
}

/**
 * Calls one sink, with a time limit for each call, and makes its texts safe for the log and for quarantine.
 */
export class SinkCalls {
  readonly #options: SinkCallsOptions
  /** The records of the last batch, which the sink can quote in any call until the next batch. */
  #seen: readonly CdrRecord[] = []

  constructor(options: SinkCallsOptions) {
    this.#options = options
  }

  /** Calls `ended` with the outcome as soon as it is known. */
  async call<Outcome>(
    work: (call: Call) => Promise<Outcome>,
    ended?: (outcome: Outcome | Thrown) => void,
  ): Promise<Called<Outcome>> {
    const { platform, timeoutMs, deadline } = this.#options
    const called = await callSink(work, timeoutMs, platform.clock, deadline)
    ended?.(called.outcome)
    return { ...called, outcome: this.#outward(called.outcome) }
  }

  /** Writes records from the journal as the sink is allowed to see them. */
  write(session: SinkSession, whole: JournalBatch): Promise<Called<WriteOutcome>> {
    const { setup, pages, platform, mask } = this.#options
    const ended = observeWrite(setup.name, whole, { pages, clock: platform.clock })
    this.#seen = cdrRecords(whole.records, mask)
    const batch = { ...whole, records: this.#seen }
    return this.call(async (call) => knownWrite(await session.write(batch, call)), ended)
  }

  /** Closes the session, even after the deadline. Returns what went wrong, or undefined. */
  async close(session: SinkSession): Promise<Thrown | undefined> {
    const { outcome } = await callSink<undefined>(
      async (call) => {
        await session.close?.(call)
        return undefined
      },
      closeMs,
      this.#options.platform.clock,
    )
    return this.#outward(outcome)
  }

  #outward<Outcome>(outcome: Outcome | Thrown): Outcome | Thrown {
    return outwardOutcome(outcome, this.#seen, this.#options.words ?? withoutSecrets)
  }
}
