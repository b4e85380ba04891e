import type {
  Accepted,
  Batch,
  CdrRecord,
  FlushOutcome,
  OpenOutcome,
  Position,
  Refusal,
  SinkTraits,
  WriteOutcome,
} from '@cdrstream/plugin'
import { CheckFailure, expectThat, oneLineOf } from '../check-failure.ts'
import type { Thrown } from './call-sink.ts'
import { checkAccepted, checkRefused } from './check-outcome.ts'
import { identityOf, latestOfEachKey } from './latest-of-each-key.ts'
import { Patience } from './patience.ts'
import type { TrialJournal } from './trial-journal.ts'

/** The calls to a sink and its session. What the sink throws comes as a value. */
export interface CallableSink {
  /** Closes the session that is open, and opens another one. */
  open(acknowledged: Position | null): Promise<OpenOutcome | Thrown>
  write(batch: Batch): Promise<WriteOutcome | Thrown>
  flush(): Promise<FlushOutcome | Thrown>
}

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
  /** Flush after this many batches. Default: only at the end. */
  readonly flushEvery?: number
  /** Whether to flush at the end. Default true. */
  readonly flush?: boolean
  /** Called after each accepted outcome, with the position that the sink has reported as durable. */
  readonly onAccepted?: (acknowledged: Position) => Promise<void> | void
}

const defaults = { records: 5_000, bytes: 8_000_000 }
/** After this many exceptions in a row the batches are halved: a record may be the cause. */
const exceptionsBeforeHalving = 5

type Next = 'go-on' | 'flushed' | 'reopen'

/** Brings the records of a journal to a sink as the engine does, without its waits. */
export async function deliver(
  sink: CallableSink,
  journal: TrialJournal,
  options: DeliverOptions,
): Promise<void> {
  await new Delivery(sink, journal, options).run()
}

class Delivery {
  readonly #sink: CallableSink
  readonly #journal: TrialJournal
  readonly #options: DeliverOptions
  readonly #patience: Patience
  readonly #until: Position
  readonly #mostRecords: number
  #batchRecords: number
  #exceptions = 0
  #batches = 0
  /** The end of what was written or refused, in this session. */
  #written: Position
  /** Where the last accepted batch ended. Behind `written` if everything since was refused. */
  #accepted: Position

  constructor(sink: CallableSink, journal: TrialJournal, options: DeliverOptions) {
    this.#sink = sink
    this.#journal = journal
    this.#options = options
    this.#patience = new Patience(options.patienceMs)
    this.#until = options.until ?? journal.end
    const allowed = options.traits.batch?.records ?? defaults.records
    this.#mostRecords = Math.min(options.batchRecords ?? allowed, allowed)
    this.#batchRecords = this.#mostRecords
    this.#written = options.from ?? journal.acknowledged
    this.#accepted = this.#written
  }

  async run(): Promise<void> {
    let done = await this.#session(this.#options.from === undefined ? await this.#open() : 'go-on')
    while (!done) done = await this.#session(await this.#open())
  }

  /** Until the sink has to be opened again (false), or everything is delivered. */
  async #session(opened: Next): Promise<boolean> {
    let next = opened
    while (next !== 'reopen') {
      const { flushEvery } = this.#options
      const ended = this.#written.offset >= this.#until.offset
      if (ended && this.#options.flush === false) return true
      const flushes = ended || (flushEvery !== undefined && this.#batches >= flushEvery)
      next = flushes ? await this.#flush() : await this.#write()
      if (ended && next === 'flushed') return true
    }
    return false
  }

  async #open(): Promise<Next> {
    const outcome = await this.#sink.open(this.#journal.recorded)
    if (outcome.kind !== 'opened') return this.#trouble('open', outcome)
    if (this.#options.traits.idempotence === 'position') {
      const { position } = outcome
      expectThat(
        position !== undefined,
        () => 'expected open to return the stored position, or null, and found none',
      )
      // The position of another journal, or none: everything comes again.
      const known = position !== null && position.incarnation === this.#journal.incarnation
      this.#written = known ? position : this.#journal.position(0)
    } else {
      this.#written = this.#journal.acknowledged
    }
    this.#accepted = this.#written
    return 'go-on'
  }

  async #write(): Promise<Next> {
    const { batch: limits = {}, idempotence, revisions } = this.#options.traits
    const { bytes = defaults.bytes } = limits
    const run = this.#journal.batch(this.#written, { records: this.#batchRecords, bytes }, this.#until)
    let left = run.records
    let through = this.#byPosition ? this.#journal.acknowledged : run.to
    const from = this.#accepted
    while (left.length > 0) {
      const batch = { from, to: run.to, records: revisions === 'latest' ? latestOfEachKey(left) : left }
      const outcome = await this.#sink.write(batch)
      switch (outcome.kind) {
        case 'accepted': {
          checkAccepted(outcome, batch, idempotence)
          this.#checkAgain(outcome, batch)
          this.#refuse(outcome.refused ?? [], batch)
          const before = left
          left = afterAccepted(outcome, batch, left)
          through = outcome.through ?? run.to
          this.#accepted = run.to
          if (left.length < before.length) this.#patience.progress()
          else if (!(await this.#patience.wait()))
            throw makesNoProgress('write', `again: ${left.length} records`)
          break
        }
        case 'refused':
          checkRefused(outcome, batch)
          this.#refuse(outcome.refused, batch)
          left = without(left, refusedBy(outcome.refused, batch))
          this.#patience.progress()
          break
        case 'rejected':
          return this.#findBadRecord({ ...run, records: left }, outcome.reason)
        case 'thrown':
          this.#exceptions += 1
          if (this.#exceptions < exceptionsBeforeHalving) return this.#trouble('write', outcome)
          return this.#findBadRecord({ ...run, records: left }, oneLineOf(outcome.cause))
        case 'retry':
        case 'failed':
          return this.#trouble('write', outcome)
      }
    }
    return this.#advance(run, through)
  }

  async #advance(run: Batch, through: Position): Promise<Next> {
    this.#patience.progress()
    this.#exceptions = 0
    this.#batches += 1
    this.#batchRecords = Math.min(2 * this.#batchRecords, this.#mostRecords)
    this.#written = run.to
    this.#journal.acknowledge(through)
    await this.#options.onAccepted?.(this.#journal.acknowledged)
    return 'go-on'
  }

  async #flush(): Promise<Next> {
    const outcome = await this.#sink.flush()
    if (outcome.kind !== 'accepted') return this.#trouble('flush', outcome)
    this.#batches = 0
    this.#patience.progress()
    const through = outcome.through ?? this.#written
    expectThat(
      through.offset <= this.#written.offset,
      () =>
        `expected flush to be accepted through ${this.#written.offset} at most, the end of what was written, and found ${through.offset}`,
    )
    this.#journal.acknowledge(through)
    await this.#options.onAccepted?.(this.#journal.acknowledged)
    return 'flushed'
  }

  /** Sends smaller batches until the record that the sink cannot take is alone. */
  #findBadRecord(run: Batch, reason: string): Next {
    this.#patience.progress()
    if (run.records.length > 1) {
      this.#batchRecords = Math.ceil(run.records.length / 2)
      return this.#byPosition ? 'reopen' : 'go-on'
    }
    this.#exceptions = 0
    this.#refuse([{ index: 0, reason }], run)
    this.#written = run.to
    if (!this.#byPosition) this.#journal.acknowledge(run.to)
    return 'go-on'
  }

  get #byPosition(): boolean {
    return this.#options.traits.idempotence === 'position'
  }

  #checkAgain({ through, again = [] }: Accepted, { records, from }: Batch): void {
    const [first] = again.toSorted((one, other) => one - other)
    const record = first === undefined ? undefined : records[first]
    if (record === undefined || through === undefined) return
    const place = this.#journal.records.indexOf(record, from.offset)
    expectThat(
      through.offset <= place,
      () =>
        `expected through to stay before the first record in again, at ${place + 1}, and found ${through.offset}`,
    )
  }

  #refuse(refused: readonly Refusal[], { records, from }: Batch): void {
    for (const { index, reason } of refused) {
      const record = records[index]
      if (record === undefined) continue
      this.#journal.refused.set(this.#journal.records.indexOf(record, from.offset) + 1, reason)
    }
  }

  async #trouble(call: string, outcome: OpenOutcome | WriteOutcome | Thrown): Promise<Next> {
    if (outcome.kind === 'failed') {
      throw new CheckFailure(
        `expected ${call} to succeed, and found failed: ${outcome.code}: ${outcome.remedy} (${oneLineOf(outcome.cause)})`,
      )
    }
    if (!(await this.#patience.wait())) throw makesNoProgress(call, describe(outcome))
    const goesOn = call !== 'open' && outcome.kind === 'retry' && outcome.reopen !== true && !this.#byPosition
    return goesOn ? 'go-on' : 'reopen'
  }
}

/** What is left of a run after a batch of it was accepted: what the sink wants again, and older revisions of what it refused. */
function afterAccepted(
  { refused = [], again = [] }: Accepted,
  batch: Batch,
  left: readonly CdrRecord[],
): readonly CdrRecord[] {
  const refusedRecords = refusedBy(refused, batch)
  const wantedAgain = new Set(again.flatMap((index) => batch.records[index] ?? []))
  const taken = without(batch.records, refusedRecords).filter((record) => !wantedAgain.has(record))
  const settled = new Set(taken.map(identityOf))
  return without(left, refusedRecords).filter(
    (record) => wantedAgain.has(record) || !settled.has(identityOf(record)),
  )
}

function refusedBy(refused: readonly Refusal[], { records }: Batch): ReadonlySet<CdrRecord> {
  return new Set(refused.flatMap(({ index }) => records[index] ?? []))
}

function without(records: readonly CdrRecord[], excluded: ReadonlySet<CdrRecord>): readonly CdrRecord[] {
  return records.filter((record) => !excluded.has(record))
}

function describe(outcome: OpenOutcome | WriteOutcome | Thrown): string {
  return 'cause' in outcome ? `${outcome.kind}: ${oneLineOf(outcome.cause)}` : outcome.kind
}

function makesNoProgress(call: string, outcome: string): CheckFailure {
  return new CheckFailure(`expected ${call} to succeed in the end, and found again and again ${outcome}`)
}
