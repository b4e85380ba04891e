import {
  type Acknowledgement,
  applyDelivery,
  createWords,
  type DeliveryEnd,
  type DeliveryEvent,
  type DeliveryState,
  type DeliveryStep,
  type DeliveryTerms,
  deliveryState,
  deliveryTerms,
  nextDelivery,
  type RecordMask,
  recordMask,
  wholeMs,
} from '@cdrstream/core'
import type { Call, CdrRecord, FlushOutcome, Mark, OpenOutcome, SinkSession } from '@cdrstream/plugin'
import type { Broadcast } from './broadcast.ts'
import {
  type Called,
  callSink,
  describeTrouble,
  reasoned,
  type Thrown,
  type ThrownReason,
} from './call-sink.ts'
import { DeliveryLog } from './delivery-log.ts'
import type { EngineOptions, SinkSetup } from './engine-options.ts'
import type { JournalClock } from './journal-clock.ts'
import { knownFlush, knownOpen, knownWrite } from './known-outcome.ts'
import type { MarkBoard } from './mark-board.ts'
import { registerSink, startSink } from './open-sink.ts'
import { outwardOutcome } from './outward-outcome.ts'
import type { JournalRecord, SinkStanding } from './ports/index.ts'
import { PublishedMarks } from './published-marks.ts'
import type { StallWatch } from './stall-watch.ts'
import { telemetry } from './telemetry.ts'
import { Witnesses } from './witnesses.ts'
import { writeBatch } from './write-batch.ts'

export interface DeliverOptions
  extends Pick<EngineOptions, 'platform' | 'journal' | 'log' | 'mode' | 'words'> {
  readonly setup: SinkSetup
  readonly committed: Broadcast
  readonly marks: MarkBoard
  readonly time: JournalClock
  readonly stall: StallWatch
  /** Aborted when nothing more will be committed: deliver what there is, and end. */
  readonly draining: AbortSignal
  /** Aborted when even that has taken too long. */
  readonly deadline: AbortSignal
}

const closeMs = 10_000
const withoutSecrets = createWords([])
const journalRetryMs = 5_000

/**
 * Brings the journal's records to one sink until `draining` is aborted and everything is delivered, or until
 * `deadline`.
 */
export async function deliver(options: DeliverOptions): Promise<DeliveryEnd> {
  return new DeliverLoop(options).run()
}

type Step<Kind extends DeliveryStep<JournalRecord>['kind']> = DeliveryStep<JournalRecord> & {
  readonly kind: Kind
}

/** Does what `nextDelivery` decides, and tells `applyDelivery` what came of it. */
class DeliverLoop {
  readonly #options: DeliverOptions
  readonly #terms: DeliveryTerms
  readonly #mask: RecordMask
  readonly #log: DeliveryLog
  readonly #witnesses = new Witnesses()
  #published = new PublishedMarks()
  #state: DeliveryState<JournalRecord>
  #session: SinkSession | undefined
  /** The offset up to which the sink has been given records. */
  #furthest = 0
  #standing: SinkStanding | undefined
  /** The records of the last batch, which the sink may quote until the next one, whatever it is called for. */
  #seen: readonly CdrRecord[] = []
  /** The marks that the sink should publish next. */
  #marks: readonly Mark[] = []
  /** Aborted by the first commit after the journal was read last. */
  #change: ReturnType<Broadcast['next']>

  constructor(options: DeliverOptions) {
    const { setup, log, mode, committed } = options
    this.#options = options
    this.#terms = deliveryTerms(setup.traits, mode === 'once')
    this.#state = deliveryState(this.#terms)
    this.#mask = recordMask(setup.fields)
    this.#log = new DeliveryLog(log, setup.name)
    this.#change = committed.next()
  }

  async run(): Promise<DeliveryEnd> {
    try {
      const end = (await this.#register()) ? await this.#loop() : 'behind'
      await this.#close()
      return end
    } finally {
      this.#change.dispose()
    }
  }

  /**
   * Before the sink is opened for the first time: a sink that is down at startup must not begin any later.
   */
  async #register(): Promise<boolean> {
    const { setup, journal, time, draining, deadline } = this.#options
    while (!deadline.aborted) {
      try {
        this.#standing = await registerSink(setup, journal, time.nowMs())
        this.#witnesses.know(this.#standing.witnesses)
        return true
      } catch (cause) {
        this.#log.journalFailed(String(cause))
        if (draining.aborted) return false
        await this.#sleep(journalRetryMs)
      }
    }
    return false
  }

  async #loop(): Promise<DeliveryEnd> {
    const { draining, deadline, platform } = this.#options
    while (!deadline.aborted) {
      try {
        await this.#findMarks()
        const hasMarks = this.#marks.length > 0
        const situation = { nowMs: platform.clock.nowMs(), draining: draining.aborted, hasMarks }
        const step = nextDelivery(this.#state, this.#terms, situation)
        if (step.kind === 'end') return step.end
        await this.#perform(step)
      } catch (cause) {
        await this.#startOver(cause)
      }
    }
    return 'behind'
  }

  /**
   * Nobody expected this. What matters is in the journal and in the sink, so delivery begins again from
   * there. It counts as a failure, so that it does not go on for ever with mode `once` or at shutdown.
   */
  async #startOver(cause: unknown): Promise<void> {
    this.#log.startingOver(String(cause))
    await this.#close()
    this.#state = {
      ...deliveryState(this.#terms),
      failures: this.#state.failures + 1,
      waitUntilMs: this.#options.platform.clock.nowMs() + journalRetryMs,
      trouble: { code: 'delivery-failed' },
    }
  }

  async #perform(step: Exclude<DeliveryStep<JournalRecord>, { readonly kind: 'end' }>): Promise<void> {
    switch (step.kind) {
      case 'open':
        return this.#open()
      case 'close':
        await this.#close()
        return this.#apply({ kind: 'closed' })
      case 'read':
        return this.#read(step)
      case 'write':
        return this.#write(step)
      case 'flush':
        return this.#flush()
      case 'acknowledge':
        return this.#acknowledge(step.acknowledgement)
      case 'mark':
        return this.#mark()
      case 'wait':
        return this.#wait(step)
    }
  }

  async #open(): Promise<void> {
    const { setup } = this.#options
    const acknowledged = this.#standing?.acknowledged ?? null
    let isAwaited = true
    const { outcome } = await this.#call<OpenOutcome>(async (call) => {
      const opened = knownOpen(await setup.sink.open({ ...call, acknowledged }))
      // Nobody else knows this session, and it may hold a lock that the next one needs.
      if (!isAwaited && opened.kind === 'opened') await this.#closeSession(opened.session)
      return opened
    })
    isAwaited = false
    if (outcome.kind !== 'opened') {
      this.#apply({ kind: 'open-failed', outcome: reasoned(outcome) }, describeTrouble(outcome))
      return
    }
    this.#session = outcome.session
    this.#published = new PublishedMarks()
    const started = await this.#guard(() =>
      startSink(setup, outcome, this.#options.journal, {
        holds: (holds, witnesses) => this.#call((call) => holds(witnesses, call)),
        retract: (sinceMs) => this.#retractMarks(outcome.session, sinceMs),
      }),
    )
    if (started === undefined) return this.#close()
    if (started.kind === 'thrown') {
      await this.#close()
      this.#apply({ kind: 'open-failed', outcome: reasoned(started) }, describeTrouble(started))
      return
    }
    this.#standing = started.standing
    this.#witnesses.restart(started.standing.witnesses, started.emptied)
    this.#log.started(started)
    this.#apply({
      kind: 'opened',
      at: started.position,
      stored: started.stored,
      refused: started.refused,
      flushes: outcome.session.flush !== undefined,
      isRefilled: started.reason === 'emptied' || started.reason === 'foreign',
    })
  }

  async #read({ after, records, bytes }: Step<'read'>): Promise<void> {
    const { journal, committed } = this.#options
    // A commit between the reading and a wait must end the wait.
    this.#change.dispose()
    this.#change = committed.next()
    const run = await this.#guard(() => journal.read(after, { records, bytes }))
    if (run !== undefined) this.#apply({ kind: 'read', ...run })
  }

  async #write({ records, from, to }: Step<'write'>): Promise<void> {
    const session = this.#opened()
    const { outcome, timedOut } = await writeBatch({ records, from, to }, this.#mask, (batch) => {
      this.#seen = batch.records
      return this.#call(async (call) => knownWrite(await session.write(batch, call)))
    })
    const isValid = this.#applyAnswer(outcome, (answer) => ({ kind: 'written', outcome: answer, timedOut }))
    if (!isValid || outcome.kind !== 'accepted' || session.holds === undefined) return
    this.#witnesses.consider(records, outcome)
  }

  async #flush(): Promise<void> {
    const session = this.#opened()
    const { outcome } = await this.#call<FlushOutcome>(async (call) =>
      knownFlush(await session.flush?.(call)),
    )
    this.#applyAnswer(outcome, (answer) => ({ kind: 'flushed', outcome: answer }))
  }

  async #acknowledge({ through, refused, released }: Acknowledgement<JournalRecord>): Promise<void> {
    const { journal, setup, time } = this.#options
    const { name } = setup
    const atMs = time.nowMs()
    const witnesses = this.#witnesses.upTo(through)
    const forgotten = this.#witnesses.forgottenAt(through)
    const before = this.#standing?.acknowledged.offset ?? 0
    const isRecorded = await this.#guard(async () => {
      await journal.acknowledge(name, {
        through,
        refused: refused.map(({ record, reason }) => ({
          org: record.org,
          sink: name,
          reason,
          text: record.text,
          atMs,
          record: { offset: record.position.offset, acceptedAtMs: wholeMs(record.acceptedAtMs) },
        })),
        released,
        forgotten,
        witnesses,
      })
      return true
    })
    if (isRecorded === undefined) return
    this.#options.stall.movedOn()
    this.#witnesses.forgot(forgotten)
    this.#witnesses.know(witnesses)
    if (this.#standing !== undefined) this.#standing = { ...this.#standing, acknowledged: through }
    telemetry.recordsDelivered.add(Math.max(0, through.offset - before), { sink: name })
    telemetry.itemsQuarantined.add(refused.length, { sink: name })
    this.#apply({ kind: 'acknowledged' })
  }

  /** The marks that the sink does not have yet, once everything that they speak of is durable. */
  async #findMarks(): Promise<void> {
    const { journal, setup, marks, platform, draining } = this.#options
    const { atEnd, through, readTo, session, markNotBeforeMs } = this.#state
    this.#marks = []
    const isDurable = atEnd && session === 'open' && through.offset >= readTo.offset
    if (!isDurable || this.#session?.mark === undefined || this.#standing === undefined) return
    const nowMs = platform.clock.nowMs()
    if (markNotBeforeMs > nowMs || !this.#published.isDue(marks.version, nowMs, draining.aborted)) return
    const missing = await this.#guard(() => journal.missing(setup.name))
    if (missing === undefined) return
    const { firstMs } = this.#standing
    const found = marks.marksFor({ offset: through.offset, firstMs, missing })
    this.#marks = this.#published.newOf(found)
    if (this.#marks.length === 0) this.#published.done([], marks.version, nowMs)
  }

  async #mark(): Promise<void> {
    const marks = this.#marks
    const { version } = this.#options.marks
    const isPublished = await this.#publish(this.#opened(), marks)
    if (isPublished) this.#published.done(marks, version, this.#options.platform.clock.nowMs())
    this.#apply({ kind: 'marked', failed: !isPublished })
  }

  /** Until the sink is filled again, its marks must not say that everything is there. */
  async #retractMarks(session: SinkSession, sinceMs: number | null): Promise<void> {
    const { journal, setup, marks } = this.#options
    const missing = await journal.missing(setup.name)
    const retracted = marks.marksOfEmptied({ firstMs: this.#standing?.firstMs ?? null, missing }, sinceMs)
    if (retracted.length > 0) await this.#publish(session, retracted)
  }

  async #publish(session: SinkSession, marks: readonly Mark[]): Promise<boolean> {
    const { outcome } = await this.#call<undefined>(async (call) => {
      await session.mark?.(marks, call)
      return undefined
    })
    if (outcome === undefined) this.#log.marksPublished()
    else this.#log.marksFailed(describeTrouble(outcome))
    return outcome === undefined
  }

  async #wait({ untilMs, wakes }: Step<'wait'>): Promise<void> {
    const { platform, draining } = this.#options
    const ms = Math.max(0, untilMs - platform.clock.nowMs())
    await (wakes ? this.#sleep(ms, this.#change.signal, draining) : this.#sleep(ms))
    if (wakes) this.#apply({ kind: 'woke' })
  }

  #apply(event: DeliveryEvent<JournalRecord>, cause?: string): void {
    this.#state = applyDelivery(this.#state, event, this.#terms, this.#options.platform.clock.nowMs())
    this.#noteProgress()
    this.#log.trouble(this.#state.trouble, cause)
  }

  /** Records that are sent again are no progress. */
  #noteProgress(): void {
    const { offset } = this.#state.sinkAt
    if (offset <= this.#furthest) return
    this.#furthest = offset
    this.#options.stall.movedOn()
  }

  /**
   * Applies what a sink answered. False: it names a record or a position that it was not given, which counts
   * as an exception.
   */
  #applyAnswer<Outcome extends { readonly kind: string }>(
    outcome: Outcome | Thrown,
    eventOf: (answer: Exclude<Outcome, Thrown> | ThrownReason) => DeliveryEvent<JournalRecord>,
  ): boolean {
    try {
      this.#apply(eventOf(reasoned(outcome)), describeTrouble(outcome))
      return true
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      this.#apply(eventOf({ kind: 'thrown', reason: error.message }), error.message)
      return false
    }
  }

  /** Undefined: the journal failed, which is known to the state, and the same is tried again. */
  async #guard<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    try {
      const result = await work()
      this.#log.journalWorks()
      return result
    } catch (cause) {
      this.#log.journalFailed(String(cause))
      this.#apply({ kind: 'journal-failed' })
      return undefined
    }
  }

  #opened(): SinkSession {
    if (this.#session === undefined) throw new Error('the sink is not open')
    return this.#session
  }

  async #close(): Promise<void> {
    const session = this.#session
    this.#session = undefined
    if (session !== undefined) await this.#closeSession(session)
  }

  async #closeSession(session: SinkSession): Promise<void> {
    const { platform } = this.#options
    if (session.close === undefined) return
    const { outcome } = await callSink<undefined>(
      async (call) => {
        await session.close?.(call)
        return undefined
      },
      closeMs,
      platform.clock,
    )
    if (outcome === undefined) this.#log.closed()
    else this.#log.notClosed(describeTrouble(this.#outward(outcome) ?? outcome))
  }

  async #call<Outcome>(work: (call: Call) => Promise<Outcome>): Promise<Called<Outcome>> {
    const { platform, deadline } = this.#options
    const called = await callSink(work, this.#terms.timeoutMs, platform.clock, deadline)
    return { ...called, outcome: this.#outward(called.outcome) }
  }

  #outward<Outcome>(outcome: Outcome | Thrown): Outcome | Thrown {
    return outwardOutcome(outcome, this.#seen, this.#options.words ?? withoutSecrets)
  }

  /** With mode `once`, waits are served while draining too: there is no other time for them. */
  #sleep(ms: number, ...wakers: AbortSignal[]): Promise<void> {
    const { platform, draining, deadline, mode } = this.#options
    const stops = mode === 'once' ? [deadline] : [draining, deadline]
    return platform.clock.sleep(ms, AbortSignal.any([...stops, ...wakers]))
  }
}
