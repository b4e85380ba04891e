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
import type { TrialJournal, TrialRecord } from './trial-journal.ts'

/** Options of `deliver`. */
export interface DeliverOptions {
  readonly traits: SinkTraits
  /** How long the sink may go without progress, in milliseconds. */
  readonly patienceMs: number
  /** The maximum number of records in a batch. Default: the maximum of the traits. */
  readonly batchRecords?: number
  /** Where to begin in the open session. Default: open the sink and continue where it left off. */
  readonly from?: Position
  /** Where to stop. Default: the end of the journal. */
  readonly until?: Position
  /** Flush after this many batches. Default: as the traits declare, and at the end. */
  readonly flushEvery?: number
  /** Whether to flush at the end. Default: true. */
  readonly flush?: boolean
  /** Called after each acknowledgement, with the position that the sink has reported as durable. */
  readonly onAcknowledged?: (acknowledged: Position) => Promise<void> | void
}

/** After this many steps without progress, delivery waits even if the sink does not request a wait. */
const maxIdleSteps = 200

/**
 * Delivers a journal's records to a sink. `@cdrstream/core` makes the same decisions as in the engine, but
 * waits are shorter. An outcome that the contract does not allow, or that a person would have to act on, is a
 * failure.
 */
export async function deliver(
  sink: CallableSink,
  journal: TrialJournal,
  options: DeliverOptions,
): Promise<void> {
  await new Delivery(sink, journal, options).run()
}

type Step<Kind extends DeliveryStep<TrialRecord>['kind']> = DeliveryStep<TrialRecord> & {
  readonly kind: Kind
}

class Delivery {
  readonly #sink: CallableSink
  readonly #journal: TrialJournal
  readonly #options: DeliverOptions
  readonly #patience: Patience
  readonly #until: Position
  readonly #terms: DeliveryTerms
  #state: DeliveryState<TrialRecord>
  /** The clock for the decisions, which advances by one for each batch and by the length of every wait. */
  #nowMs = 0
  #furthest = -1
  #idleSteps = 0
  #lastProblem = 'nothing'

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
    if (from !== undefined) this.#continueFrom(from)
    for (let step = this.#next(); step.kind !== 'end' && !this.#isOver(); step = this.#next()) {
      await this.#perform(step)
      if (this.#idleSteps > maxIdleSteps) await this.#wait()
    }
  }

  /** Continues in an open session, which may hold records that are not durable yet. */
  #continueFrom(from: Position): void {
    const { acknowledged } = this.#journal
    this.#apply({ kind: 'opened', at: from, refused: this.#journal.refusedAfter(from), flushes: true })
    if (acknowledged.offset >= from.offset) return
    this.#state = { ...this.#state, through: acknowledged, unflushedSinceMs: this.#nowMs }
  }

  #next(): DeliveryStep<TrialRecord> {
    // Delivery must not end while a wait is due. Only the certification's patience limits the waits.
    const draining = this.#state.waitUntilMs <= this.#nowMs
    return nextDelivery(this.#state, this.#terms, { nowMs: this.#nowMs, draining, hasMarks: false })
  }

  #isOver(): boolean {
    const { session, atEnd, unrecorded } = this.#state
    return this.#options.flush === false && session === 'open' && atEnd && unrecorded === null
  }

  async #perform(step: DeliveryStep<TrialRecord>): Promise<void> {
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
      case 'rewind':
      case 'end':
        return
    }
  }

  async #open(): Promise<void> {
    const journal = this.#journal
    const outcome = this.#rejectFailed('open', await this.#sink.open(journal.recorded))
    if (outcome.kind !== 'opened') {
      return this.#apply({ kind: 'open-failed', outcome: forDecision(outcome) })
    }
    const { idempotence } = this.#options.traits
    const { position: stored, session } = outcome
    expectThat(
      idempotence !== 'position' || stored !== undefined,
      () => 'expected open to return the stored position, or null, but found none',
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
    this.#apply({ kind: 'written', outcome: forDecision(this.#rejectFailed('write', outcome)), timedOut })
    this.#nowMs += 1
  }

  async #flush(): Promise<void> {
    const outcome = this.#rejectFailed('flush', await this.#sink.flush())
    const { offset } = this.#state.readTo
    expectThat(
      outcome.kind !== 'accepted' || (outcome.through?.offset ?? 0) <= offset,
      () =>
        `expected flush to be accepted through at most ${offset}, the end of what was written, but found ${outcome.kind === 'accepted' ? outcome.through?.offset : ''}`,
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

  #apply(event: DeliveryEvent<TrialRecord>): void {
    this.#state = applyDelivery(this.#state, event, this.#terms, this.#nowMs)
    const { trouble } = this.#state
    if (trouble?.remedy !== undefined) {
      throw new CheckFailure(
        `expected the records to be accepted, but found ${trouble.code}: ${trouble.remedy}`,
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
    throw new CheckFailure(`expected the sink to make progress, but it kept answering ${this.#lastProblem}`)
  }

  /** Returns the outcome. Throws a CheckFailure if a person would have to act on it. */
  #rejectFailed<Outcome extends OpenOutcome | WriteOutcome | FlushOutcome | Thrown>(
    call: string,
    outcome: Outcome,
  ): Exclude<Outcome, Failed> {
    if (outcome.kind === 'failed') {
      throw new CheckFailure(
        `expected ${call} to succeed, but found failed: ${outcome.code}: ${outcome.remedy} (${oneLineOf(outcome.cause)})`,
      )
    }
    if ('cause' in outcome) this.#lastProblem = `${outcome.kind}: ${oneLineOf(outcome.cause)} from ${call}`
    else if (outcome.kind !== 'accepted' && outcome.kind !== 'opened') {
      this.#lastProblem = `${outcome.kind} from ${call}`
    }
    return outcome as Exclude<Outcome, Failed>
  }
}

/**
 * Returns the delivery terms from the sink's traits, with the batch size and flush interval that the check
 * specifies.
 */
function trialTerms({ traits, batchRecords, flushEvery }: DeliverOptions): DeliveryTerms {
  const terms = deliveryTerms(traits)
  return {
    ...terms,
    batchRecords: Math.min(batchRecords ?? terms.batchRecords, terms.batchRecords),
    flushAfterMs: flushEvery ?? terms.flushAfterMs,
  }
}

/** Returns the outcome in the form that the decisions expect. For an exception, this is only its reason. */
function forDecision<Outcome extends { readonly kind: string }>(outcome: Outcome | Thrown) {
  return outcome.kind === 'thrown' && 'cause' in outcome
    ? ({ kind: 'thrown', reason: oneLineOf(outcome.cause) } as const)
    : (outcome as Exclude<Outcome, Thrown>)
}

/**
 * Returns a number that grows with each record that is finally written or refused. Records sent again after
 * the session was closed do not count twice.
 */
function progressOf({
  through,
  readTo,
  acceptedAhead,
  refused,
  suspects,
}: DeliveryState<TrialRecord>): number {
  return through.offset + readTo.offset + acceptedAhead.size + refused.size - suspects.length
}
