import type { Accepted, Batch, OpenOutcome, Position, SinkTraits, WriteOutcome } from '@cdrstream/plugin'
import { CheckFailure, expectThat, oneLineOf } from '../check-failure.ts'
import type { Thrown } from './call-sink.ts'
import { latestOfEachKey } from './latest-of-each-key.ts'
import { Patience } from './patience.ts'
import type { TrialJournal } from './trial-journal.ts'

/** The calls to a sink; what is thrown comes as a value. */
export interface CallableSink {
  open(): Promise<OpenOutcome | Thrown>
  write(batch: Batch): Promise<WriteOutcome | Thrown>
  flush(): Promise<WriteOutcome | Thrown>
}

export interface DeliverOptions {
  readonly traits: SinkTraits
  /** How long the sink may fail to get on, in milliseconds. */
  readonly patienceMs: number
  /** Records of a batch. Default: as many as the traits allow. */
  readonly batchRecords?: number
  /** Begin here, in the session that there is. Default: open the sink, and begin where it has got to. */
  readonly from?: Position
  /** Deliver up to here. Default: the end. */
  readonly until?: Position
  /** A flush after so many batches. Default: only at the end. */
  readonly flushEvery?: number
  /** Whether to flush at the end. Default true. */
  readonly flush?: boolean
  /** Called after each outcome that was accepted, with what the sink has called durable. */
  readonly onAccepted?: (acknowledged: Position) => Promise<void> | void
}

const defaults = { records: 5_000, bytes: 8_000_000 }
/** So many exceptions in a row, and the batches are halved: a record may be the cause. */
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
  #written: Position

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
  }

  async run(): Promise<void> {
    let done = await this.#session(this.#options.from === undefined ? await this.#open() : 'go-on')
    while (!done) done = await this.#session(await this.#open())
  }

  /** Until the sink has to be opened anew (false), or all is delivered. */
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
    const outcome = await this.#sink.open()
    if (outcome.kind !== 'opened') return this.#trouble('open', outcome)
    if (this.#options.traits.idempotence === 'position') {
      const { position } = outcome
      expectThat(
        position !== undefined,
        () => 'expected open to tell the stored position, or null, and found none',
      )
      // A position of another journal, or none: all that is kept comes again.
      const known = position !== null && position.incarnation === this.#journal.incarnation
      this.#written = known ? position : this.#journal.position(0)
    } else {
      this.#written = this.#journal.acknowledged
    }
    return 'go-on'
  }

  async #write(): Promise<Next> {
    const { batch: limits = {}, revisions } = this.#options.traits
    const { bytes = defaults.bytes } = limits
    const run = this.#journal.batch(this.#written, { records: this.#batchRecords, bytes }, this.#until)
    let pending = revisions === 'latest' ? latestOfEachKey(run.records) : run.records
    while (true) {
      const batch = { ...run, records: pending }
      const outcome = await this.#sink.write(batch)
      if (outcome.kind === 'rejected') return this.#findBadRecord(run, outcome.reason)
      if (outcome.kind === 'thrown') {
        this.#exceptions += 1
        if (this.#exceptions < exceptionsBeforeHalving) return this.#trouble('write', outcome)
        return this.#findBadRecord(run, oneLineOf(outcome.cause))
      }
      if (outcome.kind !== 'accepted') return this.#trouble('write', outcome)
      const sent = pending
      checkAccepted(outcome, batch)
      this.#checkAgain(outcome, batch)
      for (const { index, reason } of outcome.refused ?? []) this.#refuse(sent[index], run, reason)
      pending = (outcome.again ?? []).flatMap((index) => sent[index] ?? [])
      if (pending.length === 0) return this.#accepted(run, outcome.through ?? run.to)
      if (pending.length < sent.length) this.#patience.progress()
      else if (!(await this.#patience.wait())) throw doesNotGetOn('write', `again: ${pending.length} records`)
    }
  }

  async #accepted(run: Batch, through: Position): Promise<Next> {
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
        `expected flush to be accepted through ${this.#written.offset} at most, which is all that was written, and found ${through.offset}`,
    )
    this.#journal.acknowledge(through)
    await this.#options.onAccepted?.(this.#journal.acknowledged)
    return 'flushed'
  }

  /** Smaller batches, until the record that the sink cannot take is alone. */
  #findBadRecord(run: Batch, reason: string): Next {
    const byPosition = this.#options.traits.idempotence === 'position'
    this.#patience.progress()
    if (run.records.length > 1) {
      this.#batchRecords = Math.ceil(run.records.length / 2)
      return byPosition ? 'reopen' : 'go-on'
    }
    this.#exceptions = 0
    this.#refuse(run.records[0], run, reason)
    this.#written = run.to
    if (!byPosition) this.#journal.acknowledge(run.to)
    return 'go-on'
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

  #refuse(record: Batch['records'][number] | undefined, run: Batch, reason: string): void {
    if (record === undefined) return
    const place = this.#journal.records.indexOf(record, run.from.offset)
    this.#journal.refused.set(place + 1, reason)
  }

  async #trouble(call: string, outcome: OpenOutcome | WriteOutcome | Thrown): Promise<Next> {
    if (outcome.kind === 'failed') {
      throw new CheckFailure(
        `expected ${call} to succeed, and found failed: ${outcome.code}: ${outcome.remedy} (${oneLineOf(outcome.cause)})`,
      )
    }
    if (!(await this.#patience.wait())) throw doesNotGetOn(call, describe(outcome))
    const { idempotence } = this.#options.traits
    return call === 'open' || outcome.kind === 'thrown' || idempotence === 'position' ? 'reopen' : 'go-on'
  }
}

function describe(outcome: OpenOutcome | WriteOutcome | Thrown): string {
  return 'cause' in outcome ? `${outcome.kind}: ${oneLineOf(outcome.cause)}` : outcome.kind
}

function doesNotGetOn(call: string, outcome: string): CheckFailure {
  return new CheckFailure(`expected ${call} to succeed in the end, and found again and again ${outcome}`)
}

function checkAccepted({ through, refused = [], again = [] }: Accepted, batch: Batch): void {
  const named = [...refused.map(({ index }) => index), ...again]
  const wrong = named.find((index) => batch.records[index] === undefined)
  expectThat(
    wrong === undefined,
    () => `expected indexes of a batch of ${batch.records.length} records, and found ${wrong}`,
  )
  expectThat(
    new Set(named).size === named.length,
    () => 'expected each record once in refused and again, and found one twice',
  )
  expectThat(
    through === undefined || through.offset <= batch.to.offset,
    () =>
      `expected write to be accepted through ${batch.to.offset} at most, where the batch ends, and found ${through?.offset}`,
  )
}
