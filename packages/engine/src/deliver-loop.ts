import { cdrRecord, type RecordMask, recordMask, wholeMs } from '@cdrstream/core'
import type { Call, Failed, Mark, OpenOutcome, Position, WriteOutcome } from '@cdrstream/plugin'
import type { Broadcast } from './broadcast.ts'
import { callSink, describeTrouble, type Thrown } from './call-sink.ts'
import { Condition } from './condition.ts'
import type { EngineOptions, SinkSetup } from './engine-options.ts'
import type { MarkBoard } from './mark-board.ts'
import { Patience } from './patience.ts'
import type { JournalRun } from './ports/index.ts'
import { RefusalWatch } from './refusal-watch.ts'
import { sinkStart } from './sink-start.ts'
import { telemetry } from './telemetry.ts'
import { type RefusedRecord, type Run, type RunOutcome, writeRun } from './write-run.ts'

export interface DeliverOptions extends Pick<EngineOptions, 'platform' | 'journal' | 'log' | 'mode'> {
  readonly setup: SinkSetup
  readonly committed: Broadcast
  readonly marks: MarkBoard
  /** Aborted when nothing more will be committed: deliver what there is, and end. */
  readonly draining: AbortSignal
  /** Aborted when even that has taken too long. */
  readonly deadline: AbortSignal
}

/** How delivering ended: `failed` only with mode `once`, when a person has to do something. */
export type DeliverEnd = 'done' | 'behind' | 'failed'

/** A sink that needs a person is tried again after so long. */
const pauseMs = 300_000
const journalRetryMs = 5_000
const closeMs = 10_000
const longestIdleMs = 60_000
/** So many exceptions in a row, and the batches are halved: a record may be the cause. */
const exceptionsBeforeHalving = 5
/** With mode `once`, so many failures in a row end it. */
const onceFailures = 10

const defaults = { records: 5_000, bytes: 8_000_000, flushAfterMs: 1_000, timeoutMs: 60_000 }

/** Brings the journal's records to one sink, until `draining` is aborted and all is delivered, or `deadline`. */
export async function deliver(options: DeliverOptions): Promise<DeliverEnd> {
  return new DeliverLoop(options).run()
}

/** What a step says of the session with the sink: `reopen` begins a new one. */
type Next = 'go-on' | 'reopen'

class DeliverLoop {
  readonly #options: DeliverOptions
  readonly #condition: Condition
  readonly #mask: RecordMask
  readonly #refusals = new RefusalWatch()
  readonly #patience = new Patience()
  readonly #mostRecords: number
  /** Smaller than `mostRecords` while a bad record is looked for. */
  #batchRecords: number
  #exceptions = 0
  #ended: DeliverEnd | undefined
  /** Written, in this session. */
  #written: Position = { incarnation: '', offset: 0, commit: '' }
  /** Durable in the sink, and remembered in the journal. */
  #through: Position = this.#written
  /** When the oldest record was written that `through` does not cover. */
  #unflushedSinceMs: number | undefined
  #marked = ''

  constructor(options: DeliverOptions) {
    this.#options = options
    this.#condition = new Condition(options.log, { sink: options.setup.name })
    this.#mask = recordMask(options.setup.fields)
    this.#mostRecords = options.setup.traits.batch?.records ?? defaults.records
    this.#batchRecords = this.#mostRecords
  }

  async run(): Promise<DeliverEnd> {
    while (this.#ended === undefined) {
      try {
        await this.#session()
      } catch (cause) {
        this.#condition.bad('journal-failed', 'the journal failed: delivery pauses', { cause: String(cause) })
        await this.#sleep(journalRetryMs)
      }
      if (this.#options.deadline.aborted) this.#ended ??= 'behind'
    }
    await this.#close()
    return this.#ended
  }

  /** From opening the sink until it has to be opened anew. */
  async #session(): Promise<void> {
    let next = await this.#open()
    while (next === 'go-on' && this.#ended === undefined && !this.#options.deadline.aborted) {
      if (this.#flushDueInMs() <= 0) {
        next = await this.#flush()
        continue
      }
      const run = await this.#read()
      next = run.records.length === 0 ? await this.#idle() : await this.#write(run)
    }
  }

  async #open(): Promise<Next> {
    const { setup, journal, log } = this.#options
    const outcome = await this.#call<OpenOutcome>(
      async (call) => (await setup.sink.open?.(call)) ?? { kind: 'opened' },
    )
    if (outcome.kind === 'failed') return this.#pause(outcome)
    if (outcome.kind !== 'opened') return this.#tryAgain(outcome)
    const { position, reason } = await sinkStart(setup, outcome, journal)
    if (reason === 'foreign') {
      log.warn('the journal is not the one that this sink knows: sending again all that is kept', {
        sink: setup.name,
      })
    }
    await journal.acknowledge(setup.name, position, [])
    this.#written = position
    this.#through = position
    this.#unflushedSinceMs = undefined
    return 'go-on'
  }

  #read(): Promise<JournalRun> {
    const { bytes = defaults.bytes } = this.#options.setup.traits.batch ?? {}
    return this.#options.journal.read(this.#written, { records: this.#batchRecords, bytes })
  }

  async #write(read: JournalRun): Promise<Next> {
    const { setup } = this.#options
    if (await this.#waitsForMore(read)) return 'go-on'
    const run: Run = { records: read.records, from: this.#written, to: read.to }
    const outcome = await writeRun(run, setup.traits, {
      prepare: (records) => records.map((record) => cdrRecord(record, this.#mask)),
      write: (batch) => this.#call((call) => setup.sink.write(batch, call)),
      wait: async (ms) => {
        this.#sayTrouble({ kind: 'again' })
        await this.#sleep(ms)
        return this.#options.mode === 'once'
          ? !this.#options.deadline.aborted
          : !this.#options.draining.aborted
      },
    })
    return this.#afterWrite(run, outcome)
  }

  async #afterWrite(run: Run, outcome: RunOutcome): Promise<Next> {
    switch (outcome.kind) {
      case 'written':
        if (this.#refusals.tooMany(run.records.length, outcome.refused.length)) {
          return this.#pause(tooManyRefused(outcome.refused))
        }
        this.#batchRecords = Math.min(2 * this.#batchRecords, this.#mostRecords)
        await this.#advance(run, outcome.through, outcome.refused)
        this.#recovered()
        return 'go-on'
      case 'failed':
        return this.#pause(outcome)
      case 'rejected':
        return this.#findBadRecord(run, outcome.reason)
      case 'thrown':
        this.#exceptions += 1
        if (this.#exceptions < exceptionsBeforeHalving) return this.#tryAgain(outcome)
        return this.#findBadRecord(run, `the sink fails on this record: ${describeTrouble(outcome)}`)
      case 'retry':
        return this.#tryAgain(outcome)
    }
  }

  /** Smaller batches, until the record that the sink cannot take is alone. */
  async #findBadRecord(run: Run, reason: string): Promise<Next> {
    const { setup } = this.#options
    const [record] = run.records
    this.#sayTrouble({ kind: 'rejected' })
    if (run.records.length > 1 || record === undefined) {
      this.#batchRecords = Math.ceil(run.records.length / 2)
      return setup.traits.idempotence === 'position' ? 'reopen' : 'go-on'
    }
    this.#exceptions = 0
    if (this.#refusals.tooMany(1, 1)) return this.#pause(tooManyRefused([{ record, reason }]))
    const through = setup.traits.idempotence === 'position' ? this.#through : run.to
    await this.#advance(run, through, [{ record, reason }])
    return 'go-on'
  }

  async #advance(run: Run, through: Position, refused: readonly RefusedRecord[]): Promise<void> {
    this.#written = run.to
    this.#unflushedSinceMs ??= this.#options.platform.clock.nowMs()
    await this.#acknowledge(through, refused)
  }

  /** Whether a batch that is not full should wait, and has waited. */
  async #waitsForMore(read: JournalRun): Promise<boolean> {
    const { waitMs = 0 } = this.#options.setup.traits.batch ?? {}
    const [oldest] = read.records
    if (oldest === undefined || read.records.length >= this.#batchRecords || this.#options.draining.aborted) {
      return false
    }
    const leftMs = oldest.acceptedAtMs + waitMs - this.#options.platform.clock.nowMs()
    if (leftMs <= 0) return false
    await this.#sleep(leftMs)
    return true
  }

  async #flush(): Promise<Next> {
    const { setup, platform } = this.#options
    if (setup.sink.flush === undefined || this.#unflushedSinceMs === undefined) return 'go-on'
    const outcome = await this.#call<WriteOutcome>(
      async (call) => (await setup.sink.flush?.(call)) ?? { kind: 'accepted' },
    )
    if (outcome.kind === 'failed') return this.#pause(outcome)
    if (outcome.kind !== 'accepted') return this.#tryAgain(outcome)
    this.#unflushedSinceMs = platform.clock.nowMs()
    await this.#acknowledge(outcome.through ?? this.#written, [])
    this.#recovered()
    return 'go-on'
  }

  /** Nothing to write: wait for a commit, or until a flush is due. Ends when nothing more will come. */
  async #idle(): Promise<Next> {
    const { draining, committed, journal } = this.#options
    const change = committed.next()
    try {
      if (draining.aborted) {
        const next = await this.#flush()
        if (next === 'go-on') {
          await this.#mark()
          this.#ended = 'done'
        }
        return next
      }
      await this.#mark()
      // A commit between the reading and this would be slept through.
      if ((await journal.end()).offset > this.#written.offset) return 'go-on'
      await this.#sleep(Math.min(this.#flushDueInMs(), longestIdleMs), change.signal, draining)
      return 'go-on'
    } finally {
      change.dispose()
    }
  }

  #flushDueInMs(): number {
    const { sink, traits } = this.#options.setup
    if (this.#unflushedSinceMs === undefined || sink.flush === undefined) return Number.POSITIVE_INFINITY
    const { flushAfterMs = defaults.flushAfterMs } = traits
    return this.#unflushedSinceMs + flushAfterMs - this.#options.platform.clock.nowMs()
  }

  async #acknowledge(through: Position, refused: readonly RefusedRecord[]): Promise<void> {
    const { journal, setup, platform } = this.#options
    const reached = through.offset > this.#through.offset ? through : this.#through
    if (reached !== this.#through || refused.length > 0) {
      const atMs = wholeMs(platform.clock.nowMs())
      await journal.acknowledge(
        setup.name,
        reached,
        refused.map(({ record, reason }) => ({
          org: record.org,
          sink: setup.name,
          reason,
          text: record.text,
          atMs,
        })),
      )
      telemetry.recordsDelivered.add(reached.offset - this.#through.offset, { sink: setup.name })
      telemetry.itemsQuarantined.add(refused.length, { sink: setup.name })
    }
    this.#through = reached
    if (reached.offset >= this.#written.offset) this.#unflushedSinceMs = undefined
  }

  /** Tells the sink's readers how far it is complete, once all that is durable. */
  async #mark(): Promise<void> {
    const { setup, marks } = this.#options
    if (setup.sink.mark === undefined || this.#through.offset < this.#written.offset) return
    const reached: readonly Mark[] = marks.reachedBy(this.#through.offset)
    const text = JSON.stringify(reached)
    if (reached.length === 0 || text === this.#marked) return
    const outcome = await this.#call<void>(async (call) => setup.sink.mark?.(reached, call))
    if (outcome === undefined) this.#marked = text
    else this.#sayTrouble(outcome)
  }

  /** Nothing is wrong with the records, as far as anyone knows. */
  async #tryAgain(outcome: Thrown | { readonly kind: string; readonly afterMs?: number }): Promise<Next> {
    const { draining, mode, setup } = this.#options
    this.#sayTrouble(outcome)
    const waitMs = this.#patience.nextWaitMs()
    if (draining.aborted && (mode === 'continuous' || this.#patience.failures >= onceFailures)) {
      this.#ended = 'behind'
    } else {
      await this.#sleep(('afterMs' in outcome ? outcome.afterMs : undefined) ?? waitMs)
    }
    // After an exception nobody knows what the sink still has; one that stores its position says so when it is opened.
    return outcome.kind === 'thrown' || setup.traits.idempotence === 'position' ? 'reopen' : 'go-on'
  }

  async #pause(outcome: Failed): Promise<Next> {
    const { code, remedy } = outcome
    this.#condition.bad(code, 'the sink is paused: a person has to do something', {
      remedy,
      cause: describeTrouble(outcome),
    })
    if (this.#options.mode === 'once') this.#ended = 'failed'
    else if (this.#options.draining.aborted) this.#ended = 'behind'
    else await this.#sleep(pauseMs)
    return 'reopen'
  }

  #recovered(): void {
    this.#condition.ok()
    this.#patience.reset()
    this.#exceptions = 0
  }

  #sayTrouble(outcome: Thrown | { readonly kind: string }): void {
    const code = outcome.kind === 'rejected' ? 'rejecting' : 'retrying'
    this.#condition.bad(code, 'the sink does not take all records now', { cause: describeTrouble(outcome) })
  }

  async #close(): Promise<void> {
    const { setup, platform, log } = this.#options
    const outcome = await callSink<void>(async (call) => setup.sink.close?.(call), closeMs, platform.clock)
    if (outcome !== undefined)
      log.warn('the sink did not close', { sink: setup.name, cause: describeTrouble(outcome) })
  }

  #call<Outcome>(work: (call: Call) => Promise<Outcome>): Promise<Outcome | Thrown> {
    const { setup, platform, deadline } = this.#options
    return callSink(work, setup.traits.timeoutMs ?? defaults.timeoutMs, platform.clock, deadline)
  }

  /** With mode `once` waits are served while draining: there is no other time for them. */
  #sleep(ms: number, ...wakers: AbortSignal[]): Promise<void> {
    const { platform, draining, deadline, mode } = this.#options
    const stops = mode === 'once' ? [deadline] : [draining, deadline]
    return platform.clock.sleep(ms, AbortSignal.any([...stops, ...wakers]))
  }
}

function tooManyRefused(refused: readonly RefusedRecord[]): Failed {
  return {
    kind: 'failed',
    code: 'too-many-refused',
    remedy: `the sink refuses many records, for instance because: ${refused[0]?.reason ?? 'unknown'}`,
  }
}
