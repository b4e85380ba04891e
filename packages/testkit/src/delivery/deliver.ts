import {
  applyDelivery,
  type DeliveryEvent,
  type DeliveryState,
  type DeliveryStep,
  type DeliveryTerms,
  deliveryStart,
  deliveryState,
  deliveryTerms,
  nextDelivery,
} from '@cdrstream/core'
import type { Failed, FlushOutcome, OpenOutcome, Position, SinkTraits, WriteOutcome } from '@cdrstream/plugin'
import { CheckFailure, expectThat, oneLineOf } from '../check-failure.ts'
import type { Thrown } from './call-sink.ts'
import type { CallableSink } from './callable-sink.ts'
import { checkOutcome } from './check-outcome.ts'
import { Patience } from './patience.ts'
import type { JournalRecord, TrialJournal } from './trial-journal.ts'

export interface DeliverOptions {
  readonly traits: SinkTraits
  /** How long the sink may make no progress, in milliseconds. */
  readonly patienceMs: number
  /** The most records in a batch. Default: what the traits allow. */
  readonly batchRecords?: number
  /** Begin here, in the open session. Default: open the sink, and begin where it has got to. */
  readonly from?: Position
  /** Deliver up to here. Default: the end. */
  readonly until?: Position
  /** Flush after this many batches. Default: when the traits say so, and at the end. */
  readonly flushEvery?: number
  /** Whether to flush at the end. Default true. */
  readonly flush?: boolean
  /** Called after each acknowledgement, with the position that the sink has reported as durable. */
  readonly onAcknowledged?: (acknowledged: Position) => Promise<void> | void
}

/** A sink that asks for no wait, and gets no further, is made to wait after this many steps. */
const mostIdleSteps = 200

/**
 * Brings the records of a journal to a sink. The decisions are those of the engine, made by
 * `@cdrstream/core`; the waits are shorter, and an outcome that the contract does not allow, or that a person
 * would have to act on, is a failure.
 */
export async function deliver(
  sink: CallableSink,
  journal: TrialJournal,
  options: DeliverOptions,
): Promise<void> {
  await new Delivery(sink, journal, options).run()
}

type Step<Kind extends DeliveryStep<JournalRecord>['kind']> = DeliveryStep<JournalRecord> & {
  readonly kind: Kind
}

class Delivery {
  readonly #sink: CallableSink
  readonly #journal: TrialJournal
  readonly #options: DeliverOptions
  readonly #patience: Patience
  readonly #until: Position
  readonly #terms: DeliveryTerms
  #state: DeliveryState<JournalRecord>
  /** The clock of the decisions: one unit for each batch, and whatever they wait for. */
  #nowMs = 0
  #furthest = -1
  #idleSteps = 0
  #lastTrouble = 'nothing'

  constructor(sink: CallableSink, journal: TrialJournal, options: DeliverOptions) {
    this.#sink = sink
    this.#journal = journal
    this.#options = options
    this.#patience = new Patience(options.patienceMs)
    this.#until = options.until ?? journal.end
    this.#terms = trialTerms(options)
    this.#state = deliveryState(this.#terms)
  }

  async run(): Promise<void> {
    const { from } = this.#options
    if (from !== undefined) this.#goOnIn(from)
    for (let step = this.#next(); step.kind !== 'end' && !this.#isOver(); step = this.#next()) {
      await this.#perform(step)
      if (this.#idleSteps > mostIdleSteps) await this.#wait()
    }
  }

  /** The session is open already, and may hold records that no flush has made durable. */
  #goOnIn(from: Position): void {
    const { acknowledged } = this.#journal
    this.#apply({ kind: 'opened', at: from, refused: this.#journal.refusedAfter(from), flushes: true })
    if (acknowledged.offset >= from.offset) return
    this.#state = { ...this.#state, through: acknowledged, unflushedSinceMs: this.#nowMs }
  }

  #next(): DeliveryStep<JournalRecord> {
    // While a wait is due the decisions must not end: the patience of the certification does.
    const draining = this.#state.waitUntilMs <= this.#nowMs
    return nextDelivery(this.#state, this.#terms, { nowMs: this.#nowMs, draining, hasMarks: false })
  }

  #isOver(): boolean {
    const { session, atEnd, unrecorded } = this.#state
    return this.#options.flush === false && session === 'open' && atEnd && unrecorded === null
  }

  async #perform(step: DeliveryStep<JournalRecord>): Promise<void> {
    switch (step.kind) {
      case 'open':
        return this.#open()
      case 'close':
        await this.#sink.release()
        return this.#apply({ kind: 'closed' })
      case 'read':
        return this.#apply({ kind: 'read', ...this.#journal.read(step.after, step, this.#until) })
      case 'write':
        return this.#write(step)
      case 'flush':
        return this.#flush()
      case 'acknowledge':
        return this.#acknowledge(step)
      case 'wait':
        this.#nowMs = Math.max(this.#nowMs, step.untilMs)
        if (step.wakes) this.#apply({ kind: 'woke' })
        return this.#wait()
      case 'mark':
      case 'end':
        return
    }
  }

  async #open(): Promise<void> {
    const journal = this.#journal
    const outcome = this.#withoutFailure('open', await this.#sink.open(journal.recorded))
    if (outcome.kind !== 'opened') {
      return this.#apply({ kind: 'open-failed', outcome: forDecision(outcome) })
    }
    const { idempotence } = this.#options.traits
    const { position: stored, session } = outcome
    expectThat(
      idempotence !== 'position' || stored !== undefined,
      () => 'expected open to return the stored position, or null, and found none',
    )
    const start = journal.position(0)
    const { position: at } = deliveryStart({
      idempotence,
      stored,
      isStoredKnown: stored?.incarnation === journal.incarnation,
      first: start,
      acknowledged: journal.acknowledged,
      start,
      loss: null,
      refused: [],
    })
    const flushes = session.flush !== undefined
    this.#apply({ kind: 'opened', at, refused: journal.refusedAfter(at), flushes })
  }

  async #write({ records, from, to }: Step<'write'>): Promise<void> {
    const batch = { records: records.map(({ record }) => record), from, to }
    const { outcome, timedOut } = await this.#sink.timedWrite(batch)
    checkOutcome(outcome, { records, to }, this.#options.traits)
    this.#apply({ kind: 'written', outcome: forDecision(this.#withoutFailure('write', outcome)), timedOut })
    this.#nowMs += 1
  }

  async #flush(): Promise<void> {
    const outcome = this.#withoutFailure('flush', await this.#sink.flush())
    const { offset } = this.#state.readTo
    expectThat(
      outcome.kind !== 'accepted' || (outcome.through?.offset ?? 0) <= offset,
      () =>
        `expected flush to be accepted through ${offset} at most, the end of what was written, and found ${outcome.kind === 'accepted' ? outcome.through?.offset : ''}`,
    )
    this.#apply({ kind: 'flushed', outcome: forDecision(outcome) })
  }

  async #acknowledge({ acknowledgement }: Step<'acknowledge'>): Promise<void> {
    const { through, refused, released } = acknowledgement
    for (const { record, reason } of refused) this.#journal.refused.set(record.position.offset, reason)
    for (const offset of released) this.#journal.refused.delete(offset)
    this.#journal.acknowledge(through)
    this.#apply({ kind: 'acknowledged' })
    await this.#options.onAcknowledged?.(this.#journal.acknowledged)
  }

  #apply(event: DeliveryEvent<JournalRecord>): void {
    this.#state = applyDelivery(this.#state, event, this.#terms, this.#nowMs)
    const { trouble } = this.#state
    if (trouble?.remedy !== undefined) {
      throw new CheckFailure(
        `expected the records to be accepted, and found ${trouble.code}: ${trouble.remedy}`,
      )
    }
    this.#idleSteps += 1
    const progress = progressOf(this.#state)
    if (progress <= this.#furthest) return
    this.#furthest = progress
    this.#idleSteps = 0
    this.#patience.progress()
  }

  async #wait(): Promise<void> {
    if (await this.#patience.wait()) return
    throw new CheckFailure(
      `expected the sink to get on in the end, and found again and again ${this.#lastTrouble}`,
    )
  }

  /** Throws if a person would have to act, and returns the outcome if not. */
  #withoutFailure<Outcome extends OpenOutcome | WriteOutcome | FlushOutcome | Thrown>(
    call: string,
    outcome: Outcome,
  ): Exclude<Outcome, Failed> {
    if (outcome.kind === 'failed') {
      throw new CheckFailure(
        `expected ${call} to succeed, and found failed: ${outcome.code}: ${outcome.remedy} (${oneLineOf(outcome.cause)})`,
      )
    }
    if ('cause' in outcome) this.#lastTrouble = `${outcome.kind}: ${oneLineOf(outcome.cause)} from ${call}`
    else if (outcome.kind !== 'accepted' && outcome.kind !== 'opened') {
      this.#lastTrouble = `${outcome.kind} from ${call}`
    }
    return outcome as Exclude<Outcome, Failed>
  }
}

/** The traits of the sink, except where a check asks for smaller batches or other moments to flush. */
function trialTerms({ traits, batchRecords, flushEvery }: DeliverOptions): DeliveryTerms {
  const terms = deliveryTerms(traits)
  return {
    ...terms,
    batchRecords: Math.min(batchRecords ?? terms.batchRecords, terms.batchRecords),
    flushAfterMs: flushEvery ?? terms.flushAfterMs,
  }
}

/** The decisions get the reason of an exception, without its stack. */
function forDecision<Outcome extends { readonly kind: string }>(outcome: Outcome | Thrown) {
  return outcome.kind === 'thrown' && 'cause' in outcome
    ? ({ kind: 'thrown', reason: oneLineOf(outcome.cause) } as const)
    : (outcome as Exclude<Outcome, Thrown>)
}

/**
 * Grows with each record that is dealt with for good. What comes again after the session was closed does not
 * count twice.
 */
function progressOf({
  through,
  readTo,
  acceptedAhead,
  refused,
  suspects,
}: DeliveryState<JournalRecord>): number {
  return through.offset + readTo.offset + acceptedAhead.size + refused.size - suspects.length
}
