import type { Batch, Call, Finding, OpenOutcome, Sink, SinkPlugin, WriteOutcome } from '@cdrstream/plugin'
import { CheckFailure, oneLineOf } from './check-failure.ts'
import { callSink, type Thrown } from './delivery/call-sink.ts'
import type { CallableSink } from './delivery/deliver.ts'
import type { Told } from './told.ts'

/** A plugin, whatever its options are. */
export type AnyPlugin = SinkPlugin<unknown>

const mostTimeoutMs = 60_000

/** A sink whose calls have a time-out, throw nothing, and are overheard. */
export class TrialSink implements CallableSink {
  readonly sink: Sink
  readonly #told: Told
  readonly #timeoutMs: number

  constructor(sink: Sink, told: Told, timeoutMs = mostTimeoutMs) {
    this.sink = sink
    this.#told = told
    this.#timeoutMs = Math.min(timeoutMs, mostTimeoutMs)
  }

  open(): Promise<OpenOutcome | Thrown> {
    return this.#call(async (call) => (await this.sink.open?.(call)) ?? { kind: 'opened' })
  }

  write(batch: Batch): Promise<WriteOutcome | Thrown> {
    return this.#call((call) => this.sink.write(batch, call))
  }

  flush(): Promise<WriteOutcome | Thrown> {
    return this.#call(async (call) => (await this.sink.flush?.(call)) ?? { kind: 'accepted' })
  }

  /** What it throws is heard, and is no finding. */
  async check(): Promise<readonly Finding[]> {
    const found = await this.#call(async (call) => ({
      kind: 'found' as const,
      findings: (await this.sink.check?.(call)) ?? [],
    }))
    return found.kind === 'found' ? found.findings : []
  }

  async close(): Promise<void> {
    const outcome = await this.#call<Thrown | undefined>(async (call) => {
      await this.sink.close?.(call)
      return undefined
    })
    if (outcome?.kind === 'thrown') {
      throw new CheckFailure(`expected close to succeed, and found ${oneLineOf(outcome.cause)}`)
    }
  }

  async #call<Outcome>(work: (call: Call) => Promise<Outcome>): Promise<Outcome | Thrown> {
    const outcome = await callSink(work, this.#timeoutMs)
    this.#told.hear(outcome)
    return outcome
  }
}
