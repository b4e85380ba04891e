import type { StoredRecord } from '@cdrstream/core'
import type { Accepted, Position } from '@cdrstream/plugin'
import type { Witness } from './ports/index.ts'

/**
 * Chooses the delivered records that later show whether a sink was emptied or reset to an older state: the
 * first of each month of homes, and the last of each acceptance day. In a sink that shows only the latest
 * revision, a superseded record proves nothing, because the key is also present in a copy from before the
 * record was written.
 */
export class Witnesses {
  readonly #revisions: 'latest' | 'all'
  #months = new Set<string>()
  /** The chosen first record of each month, which may not be durable in the sink yet. */
  readonly #firsts = new Map<string, StoredRecord>()
  /** The same for the last record of each batch, in order. */
  #lasts: readonly StoredRecord[] = []
  /** The spans whose records were missing when the sink was opened. */
  #emptied: readonly string[] = []
  /** The offset of the first record that the sink accepted since it was opened. */
  #firstOffset = Number.POSITIVE_INFINITY

  constructor(revisions: 'latest' | 'all') {
    this.#revisions = revisions
  }

  /** Called when these witnesses are recorded in the journal. */
  noteRecorded(witnesses: readonly Witness[]): void {
    for (const { kind, span, position } of witnesses) {
      if (kind === 'first') {
        this.#months.add(span)
        this.#firsts.delete(span)
      } else if (position !== null) {
        this.#lasts = this.#lasts.filter((record) => record.position.offset > position.offset)
      }
    }
  }

  /** Starts over with a new session: what the previous session wrote may be lost. */
  restart(witnesses: readonly Witness[], emptied: readonly string[]): void {
    this.#months = new Set()
    this.#firsts.clear()
    this.#lasts = []
    this.#emptied = emptied
    this.#firstOffset = Number.POSITIVE_INFINITY
    this.noteRecorded(witnesses.filter(({ span }) => !emptied.includes(span)))
  }

  /**
   * Returns the spans to forget once everything up to this position is durable: none until a record written
   * since the loss was detected is durable. Otherwise a sink that still has its position would resume there
   * after a crash, and the lost records would never be delivered again.
   */
  forgottenAt({ offset }: Position): readonly string[] {
    return this.#firstOffset <= offset ? this.#emptied : []
  }

  /** Called when the journal has forgotten these spans. */
  noteForgotten(spans: readonly string[]): void {
    if (spans.length > 0) this.#emptied = []
  }

  /** Considers the records of a batch that the sink accepted. */
  consider(records: readonly StoredRecord[], { refused = [], again = [] }: Accepted): void {
    const left = new Set([...refused.map(({ index }) => index), ...again])
    let last: StoredRecord | undefined
    let before = ''
    for (const [index, record] of records.entries()) {
      if (left.has(index)) continue
      if (this.#revisions === 'all' || record.isSuperseded !== true) last = record
      this.#firstOffset = Math.min(this.#firstOffset, record.position.offset)
      if (record.home === before) continue
      before = record.home
      const month = monthOf(record)
      if (!this.#months.has(month) && !this.#firsts.has(month)) this.#firsts.set(month, record)
    }
    if (last !== undefined) this.#lasts = [...this.#lasts, last]
  }

  /** Returns the witnesses that are durable once everything up to this position is durable. */
  upTo({ offset }: Position): readonly Witness[] {
    const firsts = [...this.#firsts.values()].filter(({ position }) => position.offset <= offset)
    const days = new Map<string, StoredRecord>()
    for (const record of this.#lasts) {
      if (record.position.offset <= offset) days.set(dayOf(record), record)
    }
    return [
      ...firsts.map((record) => witnessOf('first', monthOf(record), record)),
      ...Array.from(days, ([day, record]) => witnessOf('last', day, record)),
    ]
  }
}

function witnessOf(
  kind: Witness['kind'],
  span: string,
  { org, key, rank, home, position }: StoredRecord,
): Witness {
  return { kind, span, org, key, rank, home, position }
}

function monthOf({ home }: StoredRecord): string {
  return home.slice(0, 7)
}

function dayOf({ acceptedAtMs }: StoredRecord): string {
  return new Date(acceptedAtMs).toISOString().slice(0, 10)
}
