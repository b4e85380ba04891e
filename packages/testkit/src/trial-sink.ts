import type {
  Batch,
  Call,
  Finding,
  FlushOutcome,
  Mark,
  OpenCall,
  OpenOutcome,
  Position,
  Presence,
  RecordReference,
  SimpleSink,
  Sink,
  SinkPlugin,
  SinkSession,
  WriteOutcome,
} from '@cdrstream/plugin'
import { CheckFailure, expectThat, oneLineOf } from './check-failure.ts'
import { type Called, callSink, type Thrown } from './delivery/call-sink.ts'
import type { CallableSink } from './delivery/callable-sink.ts'
import type { SinkOutput } from './sink-output.ts'

/** A plugin with any options. */
export type AnyPlugin = SinkPlugin<unknown, Sink | SimpleSink>

interface PresenceAnswer {
  readonly kind: 'answered'
  readonly presences: readonly Presence[]
}

const maxTimeoutMs = 60_000
const closeMs = 10_000

/** A trial's journal is never restored from an older copy. */
export function openCall(call: Call, acknowledged: Position | null): OpenCall {
  const owns = async ({ incarnation }: Position) => incarnation === (acknowledged?.incarnation ?? incarnation)
  return { ...call, acknowledged, owns }
}

/**
 * A sink and its session, if one is open. Calls have a timeout, return what the sink throws as a value, and
 * record its output. Like the engine, it closes a session before it opens the next one.
 */
export class TrialSink implements CallableSink {
  readonly sink: Sink
  readonly #output: SinkOutput
  readonly #timeoutMs: number
  #session: SinkSession | undefined

  constructor(sink: Sink, output: SinkOutput, timeoutMs = maxTimeoutMs) {
    this.sink = sink
    this.#output = output
    this.#timeoutMs = Math.min(timeoutMs, maxTimeoutMs)
  }

  get isOpen(): boolean {
    return this.#session !== undefined
  }

  /** The open session. Throws if there is none. */
  get session(): SinkSession {
    if (this.#session === undefined) throw new Error('the sink is not open')
    return this.#session
  }

  async open(acknowledged: Position | null = null): Promise<OpenOutcome | Thrown> {
    await this.release()
    const outcome = await this.#call((call) => this.sink.open(openCall(call, acknowledged)))
    if (outcome.kind !== 'opened') return outcome
    expectThat(
      typeof outcome.session?.write === 'function',
      () => 'expected open to return a session with a `write` method, but found none',
    )
    for (const name of ['flush', 'mark', 'holds', 'close'] as const) {
      const method: unknown = outcome.session[name]
      expectThat(
        method === undefined || typeof method === 'function',
        () =>
          `expected \`${name}\` of the session to be a method or undefined, but found ${oneLineOf(method)}`,
      )
    }
    this.#session = outcome.session
    return outcome
  }

  async write(batch: Batch): Promise<WriteOutcome | Thrown> {
    const { outcome } = await this.timedWrite(batch)
    return outcome
  }

  timedWrite(batch: Batch): Promise<Called<WriteOutcome>> {
    const { session } = this
    return this.#timedCall((call) => session.write(batch, call), this.#timeoutMs)
  }

  flush(): Promise<FlushOutcome | Thrown> {
    const { session } = this
    return this.#call(async (call) => (await session.flush?.(call)) ?? { kind: 'accepted' })
  }

  /** Publishes marks and returns what `mark` threw, if anything. Does nothing if the sink has no `mark`. */
  mark(marks: readonly Mark[]): Promise<Thrown | undefined> {
    const { session } = this
    return this.#call<Thrown | undefined>(async (call) => {
      await session.mark?.(marks, call)
      return undefined
    })
  }

  /** Returns the sink's answers, or none if it has no `holds`. */
  holds(references: readonly RecordReference[]): Promise<PresenceAnswer | Thrown> {
    const { session } = this
    return this.#call<PresenceAnswer>(async (call) => {
      return { kind: 'answered', presences: (await session.holds?.(references, call)) ?? [] }
    })
  }

  /** Returns the findings of `check`, or none if the sink has no `check` or it throws. */
  async check(): Promise<readonly Finding[]> {
    const found = await this.#call(async (call) => ({
      kind: 'found' as const,
      findings: (await this.sink.check?.(call)) ?? [],
    }))
    return found.kind === 'found' ? found.findings : []
  }

  /** Closes the session, if one is open. Throws if the sink throws. */
  async close(): Promise<void> {
    const outcome = await this.release()
    if (outcome?.kind === 'thrown') {
      throw new CheckFailure(`expected close to succeed, but found ${oneLineOf(outcome.cause)}`)
    }
  }

  /** Closes the session, if one is open, and returns what the sink threw. */
  release(): Promise<Thrown | undefined> {
    const session = this.#session
    this.#session = undefined
    return this.#call<Thrown | undefined>(async (call) => {
      await session?.close?.(call)
      return undefined
    }, closeMs)
  }

  async #call<Outcome>(
    work: (call: Call) => Promise<Outcome>,
    timeoutMs = this.#timeoutMs,
  ): Promise<Outcome | Thrown> {
    const { outcome } = await this.#timedCall(work, timeoutMs)
    return outcome
  }

  async #timedCall<Outcome>(
    work: (call: Call) => Promise<Outcome>,
    timeoutMs: number,
  ): Promise<Called<Outcome>> {
    const called = await callSink(work, timeoutMs)
    this.#output.addOutcome(called.outcome)
    return called
  }
}
