import type { Accepted, Position, WriteOutcome } from '@cdrstream/plugin'
import type { Chance } from '@cdrstream-internal/chance'
import { applyDelivery, type DeliveryEvent } from '../../src/delivery/apply-delivery.ts'
import { deliveryStart } from '../../src/delivery/delivery-start.ts'
import { type DeliveryState, deliveryState, deliveryTerms } from '../../src/delivery/delivery-state.ts'
import type { Thrown } from '../../src/delivery/delivery-trouble.ts'
import { type DeliveryStep, nextDelivery } from '../../src/delivery/next-delivery.ts'
import type { TestRecord, WorldPlan } from './world-plan.ts'

const position = (offset: number): Position => ({
  incarnation: 'j',
  offset,
  commit: offset === 0 ? '' : `c${offset}`,
})

/**
 * Drives the decisions with an in-memory journal, sink and clock, and checks the conservation law after each
 * step.
 */
export class DeliveryWorld {
  readonly records: readonly TestRecord[]
  /** The offsets that the sink has, in the order of writing. */
  readonly stored: number[] = []
  readonly quarantine = new Map<number, string>()
  nowMs = 1_000_000
  through = position(0)
  readonly violations: string[] = []
  writes = 0
  /** For each write: when it was sent, and the number of records. */
  readonly sizes: { readonly atMs: number; readonly records: number }[] = []
  calm = false
  ended: string | undefined
  /** Whether the journal has recorded the last replay. */
  isReplayRecorded = true
  readonly #plan: WorldPlan
  readonly #terms
  readonly #chance: Chance
  #sinkPosition: Position | null = null
  #buffer: number[] = []
  /** During a replay, the offset up to which everything is delivered again. */
  #replayTo = 0
  #bufferEnd: Position | null = null
  /** What a sink that stores no position reports as durable in this session. */
  #flushedTo = position(0)
  #checked = ''
  #state: DeliveryState<TestRecord>

  constructor(plan: WorldPlan, chance: Chance) {
    this.#plan = plan
    this.#chance = chance
    this.#terms = deliveryTerms(plan.traits)
    this.#state = deliveryState(this.#terms)
    this.records = plan.keys.map((key, index) => ({
      org: 'acme',
      key,
      rank: plan.ranks?.[index] ?? index + 1,
      position: position(index + 1),
    }))
  }

  get state(): DeliveryState<TestRecord> {
    return this.#state
  }

  /** Whether a crash came before the journal recorded the last replay. */
  get isReplayForgotten(): boolean {
    return !this.isReplayRecorded && this.#state.replayAfter === null
  }

  /** Runs until the decisions end delivery, or for this many steps. */
  run(steps: number, draining = false): void {
    for (let step = 0; step < steps && this.ended === undefined; step += 1) {
      this.#perform(
        nextDelivery(this.#state, this.#terms, { nowMs: this.nowMs, draining, hasMarks: false }),
        draining,
      )
      this.#checkConservation()
    }
  }

  #perform(step: DeliveryStep<TestRecord>, draining: boolean): void {
    if (this.#happens(this.#plan.trouble.crash)) return void this.#crash()
    switch (step.kind) {
      case 'open':
        return void this.#open()
      case 'close':
        this.#buffer = []
        return void this.#apply({ kind: 'closed' })
      case 'read':
        return void this.#apply(this.#read(step.after, step.records))
      case 'write':
        return void this.#write(step)
      case 'flush':
        return void this.#flush()
      case 'acknowledge':
        return void this.#acknowledge(step.acknowledgement)
      case 'rewind':
        return void this.#rewind(step.after)
      case 'mark':
        return void this.#apply({ kind: 'marked', failed: false })
      case 'wait':
        this.nowMs = Math.max(this.nowMs + 1, step.wakes && draining ? 0 : step.untilMs)
        if (step.wakes) this.#apply({ kind: 'woke' })
        return
      case 'end':
        this.ended = step.end
    }
  }

  #apply(event: DeliveryEvent<TestRecord>): void {
    this.#state = applyDelivery(this.#state, event, this.#terms, this.nowMs)
  }

  #crash(): void {
    this.#state = deliveryState(this.#terms)
    this.#buffer = []
  }

  #isDown(): boolean {
    return this.nowMs < (this.#plan.outage?.toMs ?? 0)
  }

  #open(): void {
    if (this.#isDown() && !this.#plan.outage?.opens)
      return void this.#apply({ kind: 'open-failed', outcome: thrown })
    this.#buffer = []
    this.#bufferEnd = this.#sinkPosition
    const { position: at, reason } = deliveryStart({
      idempotence: this.#plan.traits.idempotence,
      stored: this.#sinkPosition,
      isStoredKnown: true,
      first: position(0),
      acknowledged: this.through,
      replayTo: this.#replayTo,
      start: position(0),
      loss: null,
      refused: [],
    })
    // The driver records where delivery resumes before it resumes.
    this.through = at
    this.#flushedTo = at
    const refused = [...this.quarantine.keys()].filter((offset) => offset > at.offset)
    const provenTo = reason === 'replayed' ? (this.#sinkPosition?.offset ?? 0) : undefined
    this.#apply({ kind: 'opened', at, refused, flushes: this.#plan.buffers, provenTo })
  }

  #read(after: Position, records: number): DeliveryEvent<TestRecord> {
    const found = this.records.slice(after.offset, after.offset + records)
    return { kind: 'read', records: found, to: found.at(-1)?.position ?? after }
  }

  /** Requests redelivery of everything after this offset. */
  replay(after: number): void {
    this.isReplayRecorded = false
    this.#apply({ kind: 'replay', after: position(after) })
  }

  control(kind: 'pause' | 'resume' | 'retry-now'): void {
    this.#apply({ kind })
  }

  #rewind(after: Position): void {
    if (this.#happens(this.#plan.trouble.journalFails)) return void this.#apply({ kind: 'journal-failed' })
    if (after.offset < this.through.offset) {
      this.#replayTo = Math.max(this.#replayTo, this.through.offset)
      this.through = after
    }
    if (this.#happens(this.#plan.trouble.crash)) return void this.#crash()
    this.isReplayRecorded = true
    this.#apply({ kind: 'rewound' })
  }

  #write(step: DeliveryStep<TestRecord> & { readonly kind: 'write' }): void {
    this.writes += 1
    this.sizes.push({ atMs: this.nowMs, records: step.records.length })
    const timedOut = this.#happens(this.#plan.trouble.timeOut)
    const outcome = timedOut ? thrown : this.#outcome(step)
    if (this.#happens(this.#plan.trouble.crash)) return void this.#crash()
    this.#apply({ kind: 'written', outcome, timedOut })
  }

  #outcome({
    records,
    from,
    to,
  }: DeliveryStep<TestRecord> & { readonly kind: 'write' }): WriteOutcome | Thrown {
    const { traits, poison, reaction, trouble } = this.#plan
    const end = this.#plan.buffers ? this.#bufferEnd : this.#sinkPosition
    if (
      traits.idempotence === 'position' &&
      end !== null &&
      end.offset !== from.offset &&
      from.offset >= this.#replayTo
    ) {
      this.violations.push(`a batch from ${from.offset} after ${end.offset}`)
    }
    if (this.#isDown()) return thrown
    if (this.#happens(trouble.retry)) {
      // The response to a commit may be lost.
      const isWritable = records.every((record) => !poison.has(record.position.offset))
      if (isWritable && this.#happens(0.5)) this.#accept(records, [], to)
      return { kind: 'retry' }
    }
    if (this.#happens(trouble.throwHalfway)) {
      const good = records.filter((record) => !poison.has(record.position.offset))
      if (traits.idempotence !== 'position') this.#store(good.slice(0, good.length / 2))
      return thrown
    }
    const bad = [...records.keys()].filter((index) => poison.has(records[index]?.position.offset ?? 0))
    if (bad.length > 0 && reaction === 'throws') return thrown
    if (bad.length > 0 && reaction === 'rejects') return { kind: 'rejected', reason: 'bad' }
    const refused = bad.map((index) => ({ index, reason: 'bad' }))
    if (refused.length > 0 && traits.idempotence === 'position') return { kind: 'refused', refused }
    return this.#accept(records, refused, to)
  }

  #accept(records: readonly TestRecord[], refused: NonNullable<Accepted['refused']>, to: Position): Accepted {
    const { traits, buffers, trouble } = this.#plan
    const isRefused = new Set(refused.map(({ index }) => index))
    const again =
      traits.idempotence !== 'position' && this.#happens(trouble.again)
        ? [...records.keys()].filter((index) => index % 3 === 0 && !isRefused.has(index))
        : []
    const taken = records.filter((_, index) => !isRefused.has(index) && !again.includes(index))
    if (buffers) {
      this.#buffer.push(...taken.map(({ position }) => position.offset))
      this.#bufferEnd = to
      return { kind: 'accepted', through: this.#flushedTo, refused, again }
    }
    this.#store(taken)
    if (traits.idempotence === 'position') this.#sinkPosition = to
    return {
      kind: 'accepted',
      refused,
      again,
      ...(again.length > 0 && { through: this.#state.sinkAt }),
    }
  }

  #flush(): void {
    if (this.#isDown()) return void this.#apply({ kind: 'flushed', outcome: thrown })
    this.stored.push(...this.#buffer)
    this.#buffer = []
    this.#flushedTo = this.#bufferEnd ?? this.#flushedTo
    if (this.#plan.traits.idempotence === 'position') this.#sinkPosition = this.#bufferEnd
    if (this.#happens(this.#plan.trouble.crash)) return void this.#crash()
    this.#apply({ kind: 'flushed', outcome: { kind: 'accepted', through: this.#flushedTo } })
  }

  #store(records: readonly TestRecord[]): void {
    this.stored.push(...records.map(({ position }) => position.offset))
  }

  #acknowledge({
    through,
    refused,
    released,
  }: (DeliveryStep<TestRecord> & { readonly kind: 'acknowledge' })['acknowledgement']): void {
    if (this.#happens(this.#plan.trouble.journalFails)) return void this.#apply({ kind: 'journal-failed' })
    this.through = through
    for (const { record, reason } of refused) this.quarantine.set(record.position.offset, reason)
    for (const offset of released) this.quarantine.delete(offset)
    if (this.#happens(this.#plan.trouble.crash)) return void this.#crash()
    this.#apply({ kind: 'acknowledged' })
  }

  #happens(share: number): boolean {
    return !this.calm && this.#chance.happens(share)
  }

  /**
   * Checks that each record up to the recorded position is in the sink, replaced in the sink by a newer
   * revision, or in quarantine.
   */
  #checkConservation(): void {
    const through = Math.max(this.through.offset, this.#sinkPosition?.offset ?? 0)
    const facts = `${through} ${this.stored.length} ${this.quarantine.size}`
    if (facts === this.#checked) return
    this.#checked = facts
    const has = new Set(this.stored)
    const highest = new Map<string, number>()
    for (const offset of has) {
      const { key = '', rank = 0 } = this.records[offset - 1] ?? {}
      highest.set(key, Math.max(highest.get(key) ?? 0, rank))
    }
    const isLatest = this.#plan.traits.revisions === 'latest'
    for (const { key, rank, position } of this.records.slice(0, through)) {
      const isThere = has.has(position.offset) || (isLatest && (highest.get(key) ?? 0) > rank)
      if (!isThere && !this.quarantine.has(position.offset))
        this.violations.push(`${position.offset} is lost`)
    }
  }
}

const thrown: Thrown = { kind: 'thrown', reason: 'planned' }
