import {
  type Acknowledgement,
  applyDelivery,
  createRecordMask,
  type DeliveryEnd,
  type DeliveryEvent,
  type DeliveryState,
  type DeliveryStep,
  type DeliveryTerms,
  deliveryState,
  deliveryTerms,
  nextDelivery,
  type StoredRecord,
  startOver,
} from '@cdrstream/core'
import type { FlushOutcome, OpenOutcome, WriteOutcome } from '@cdrstream/plugin'
import { applyAnswer } from './apply-answer.ts'
import type { Broadcast } from './broadcast.ts'
import { describeTrouble, type ThrownReason, withReason } from './call-sink.ts'
import type { DeliverOptions } from './deliver-options.ts'
import { DeliveryLog, journalRetryMs } from './delivery-log.ts'
import { HeldSession } from './held-session.ts'
import { knownFlush, knownOpen } from './known-outcome.ts'
import { KnownSink } from './known-sink.ts'
import { MarkPublisher } from './mark-publisher.ts'
import { startSink } from './open-sink.ts'
import { SinkCalls } from './sink-calls.ts'
import { ControlBox } from './sink-control.ts'

/**
 * Delivers the journal's records to one sink until `draining` is aborted and all is delivered, or until
 * `deadline` is aborted. Returns how delivery ended.
 */
export async function deliver(options: DeliverOptions): Promise<DeliveryEnd> {
  return new DeliverLoop(options).run()
}

type Step<Kind extends DeliveryStep<StoredRecord>['kind']> = DeliveryStep<StoredRecord> & {
  readonly kind: Kind
}

/** Performs the step that `nextDelivery` decides, and reports the result to `applyDelivery`. */
class DeliverLoop {
  readonly #options: DeliverOptions
  readonly #terms: DeliveryTerms
  readonly #log: DeliveryLog
  readonly #calls: SinkCalls
  readonly #marks: MarkPublisher
  readonly #known: KnownSink
  readonly #control: ControlBox
  readonly #session: HeldSession
  #state: DeliveryState<StoredRecord>
  /** The offset up to which the sink has received records. */
  #furthest = 0
  /** Aborted by the first commit after the journal was last read. */
  #change: ReturnType<Broadcast['next']>

  constructor(options: DeliverOptions) {
    const { setup, mode, committed, journal, marks: board } = options
    this.#options = options
    this.#terms = deliveryTerms(setup.traits, mode === 'once')
    this.#state = deliveryState(this.#terms)
    this.#log = new DeliveryLog(options)
    this.#known = new KnownSink(setup, journal, options.activity)
    this.#control = options.control ?? new ControlBox()
    const { timeoutMs } = this.#terms
    this.#calls = new SinkCalls({ ...options, mask: createRecordMask(setup.fields), timeoutMs })
    this.#session = new HeldSession(this.#calls, this.#log)
    this.#marks = new MarkPublisher({ sink: setup.name, board, journal, calls: this.#calls, log: this.#log })
    this.#change = committed.next()
  }

  async run(): Promise<DeliveryEnd> {
    try {
      const end = (await this.#register()) ? await this.#loop() : 'behind'
      await this.#session.close()
      return end
    } finally {
      this.#change.dispose()
      this.#control.end()
      this.#log.ended()
    }
  }

  /**
   * Runs before the first opening, because a sink that is down at startup must not start at a later record.
   */
  async #register(): Promise<boolean> {
    const { time, draining, deadline } = this.#options
    while (!deadline.aborted) {
      try {
        await this.#known.register(time.nowMs())
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
    const { draining, leaving, deadline, platform } = this.#options
    if (this.#known.standing?.isPaused) this.#apply({ kind: 'pause' })
    while (!deadline.aborted) {
      try {
        for (const event of this.#control.take()) this.#apply(event)
        this.#log.steps()
        const hasMarks = await this.#findMarks()
        const nowMs = platform.clock.nowMs()
        const situation = { nowMs, draining: draining.aborted, leaving: leaving?.aborted ?? false, hasMarks }
        const step = nextDelivery(this.#state, this.#terms, situation)
        if (step.kind === 'end') return step.end
        await this.#perform(step)
      } catch (cause) {
        await this.#startOver(cause)
      }
    }
    return 'behind'
  }

  /** Starts over after an unexpected failure. The failure is counted, so this cannot repeat forever. */
  async #startOver(cause: unknown): Promise<void> {
    this.#log.startingOver(String(cause))
    await this.#session.close()
    const retryAtMs = this.#options.platform.clock.nowMs() + journalRetryMs
    this.#state = startOver(this.#state, this.#terms, retryAtMs)
  }

  async #perform(step: Exclude<DeliveryStep<StoredRecord>, { readonly kind: 'end' }>): Promise<void> {
    switch (step.kind) {
      case 'open':
        return this.#open()
      case 'close':
        await this.#session.close()
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
      case 'rewind':
        return this.#rewind(step)
      case 'wait':
        return this.#wait(step)
    }
  }

  async #open(): Promise<void> {
    const { setup, journal } = this.#options
    const { standing } = this.#known
    let isAwaited = true
    const { outcome } = await this.#calls.call<OpenOutcome>(async (call) => {
      const opened = knownOpen(await setup.sink.open(this.#known.openCall(call)))
      // Nothing else refers to this session, and it may hold a lock that the next one needs.
      if (!isAwaited && opened.kind === 'opened') await this.#session.closeOther(opened.session)
      return opened
    })
    isAwaited = false
    if (outcome.kind !== 'opened') {
      this.#apply({ kind: 'open-failed', outcome: withReason(outcome) }, describeTrouble(outcome))
      return
    }
    this.#session.hold(outcome.session)
    this.#marks.opened()
    const started = await this.#guard(() =>
      startSink(setup, outcome, journal, {
        nowMs: this.#options.time.nowMs(),
        holds: (holds, records) => this.#calls.call((call) => holds(records, call)),
        retract: (sinceMs) => this.#marks.retract(outcome.session, standing?.firstMs ?? null, sinceMs),
      }),
    )
    if (started === undefined) return this.#session.close()
    if (started.kind === 'thrown') {
      await this.#session.close()
      this.#apply({ kind: 'open-failed', outcome: withReason(started) }, describeTrouble(started))
      return
    }
    this.#known.started(started)
    this.#log.started(started)
    this.#apply({
      kind: 'opened',
      at: started.position,
      stored: started.stored,
      refused: started.refused,
      flushes: outcome.session.flush !== undefined,
      provenTo: started.provenTo,
      isRefilled: started.reason === 'emptied' || started.reason === 'foreign',
    })
  }

  async #read({ after, records, bytes }: Step<'read'>): Promise<void> {
    const { journal, committed, setup } = this.#options
    // A commit between the read and the wait must end the wait.
    this.#change.dispose()
    this.#change = committed.next()
    const run = await this.#guard(() => journal.read(after, { records, bytes, sink: setup.name }))
    this.#log.read(run?.records ?? [], this.#options.time.observedMs())
    if (run !== undefined) this.#apply({ kind: 'read', ...run })
  }

  async #write({ records, from, to }: Step<'write'>): Promise<void> {
    const session = this.#session.opened
    const { outcome, timedOut } = await this.#calls.write(session, { records, from, to })
    const eventOf = (answer: WriteOutcome | ThrownReason) =>
      ({ kind: 'written', outcome: answer, timedOut }) as const
    const isValid = applyAnswer(outcome, eventOf, this.#apply)
    if (!isValid || outcome.kind !== 'accepted' || session.holds === undefined) return
    this.#known.considerWitnesses(records, outcome)
  }

  async #flush(): Promise<void> {
    const session = this.#session.opened
    const { outcome } = await this.#calls.call<FlushOutcome>(async (call) =>
      knownFlush(await session.flush?.(call)),
    )
    applyAnswer(outcome, (answer) => ({ kind: 'flushed', outcome: answer }), this.#apply)
  }

  async #acknowledge(acknowledgement: Acknowledgement<StoredRecord>): Promise<void> {
    const { stall, time } = this.#options
    const isRecorded = await this.#guard(async () => {
      await this.#known.acknowledge(acknowledgement, time.nowMs())
      return true
    })
    if (isRecorded === undefined) return
    stall.noteProgress()
    this.#log.quarantined(acknowledgement)
    this.#apply({ kind: 'acknowledged' })
  }

  async #rewind({ after }: Step<'rewind'>): Promise<void> {
    const at = await this.#guard(() => this.#known.rewind(after))
    if (at === undefined) return
    this.#apply({ kind: 'rewound' })
    this.#control.rewound()
  }

  /** Returns whether the sink should publish marks. */
  #findMarks(): Promise<boolean> {
    const { platform, draining } = this.#options
    return this.#marks.find(this.#session.current, {
      state: this.#state,
      nowMs: platform.clock.nowMs(),
      draining: draining.aborted,
      standing: this.#known.standing,
      guard: (work) => this.#guard(work),
    })
  }

  async #mark(): Promise<void> {
    const isPublished = await this.#marks.publish(this.#session.opened, this.#options.platform.clock)
    this.#apply({ kind: 'marked', failed: !isPublished })
  }

  async #wait({ untilMs, wakes }: Step<'wait'>): Promise<void> {
    const { platform, draining } = this.#options
    const ms = Math.max(0, untilMs - platform.clock.nowMs())
    await (wakes ? this.#sleep(ms, this.#change.signal, draining) : this.#sleep(ms))
    if (wakes) this.#apply({ kind: 'woke' })
  }

  readonly #apply = (event: DeliveryEvent<StoredRecord>, cause?: string): void => {
    const { clock, chance } = this.#options.platform
    this.#state = applyDelivery(this.#state, event, this.#terms, clock.nowMs(), chance?.())
    const { sinkAt, trouble, waitUntilMs } = this.#state
    // Resent records are not progress.
    if (sinkAt.offset > this.#furthest) this.#options.stall.noteProgress()
    this.#furthest = Math.max(this.#furthest, sinkAt.offset)
    this.#log.trouble(trouble, cause, waitUntilMs)
  }

  /** Returns undefined if the journal failed; the state records the failure and the step is retried. */
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

  /** With mode `once`, the loop waits even while draining, because no later attempt follows. */
  #sleep(ms: number, ...wakers: AbortSignal[]): Promise<void> {
    const { platform, draining, deadline, mode } = this.#options
    const stops = mode === 'once' ? [deadline] : [draining, deadline]
    this.#log.waits(ms)
    return platform.clock.sleep(ms, AbortSignal.any([...stops, this.#control.arrival, ...wakers]))
  }
}
