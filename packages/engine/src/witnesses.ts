import type { StoredRecord } from '@cdrstream/core'
import type { Accepted, Position } from '@cdrstream/plugin'
import type { Witness } from './ports/index.ts'

/**
 * Chooses the delivered records by which it shows later that a sink was emptied or set back: the first of
 * each month of homes, and the last of each day of acceptance.
 */
export class Witnesses {
  #months = new Set<string>()
  /** Chosen, but perhaps not durable in the sink yet: the first of each month. */
  readonly #firsts = new Map<string, StoredRecord>()
  /** In the same way: the last of each batch, in order. */
  #lasts: readonly StoredRecord[] = []
  /** The spans of which the sink turned out to have nothing any more when it was opened. */
  #emptied: readonly string[] = []
  /** The first record that the sink accepted since then. */
  #firstOffset = Number.POSITIVE_INFINITY

  /** These are recorded. */
  know(witnesses: readonly Witness[]): void {
    for (const { kind, span, position } of witnesses) {
      if (kind === 'first') {
        this.#months.add(span)
        this.#firsts.delete(span)
      } else if (position !== null) {
        this.#lasts = this.#lasts.filter((record) => record.position.offset > position.offset)
      }
    }
  }

  /** A session begins: what the one before had written may be lost. */
  restart(witnesses: readonly Witness[], emptied: readonly string[]): void {
    this.#months = new Set()
    this.#firsts.clear()
    this.#lasts = []
    this.#emptied = emptied
    this.#firstOffset = Number.POSITIVE_INFINITY
    this.know(witnesses.filter(({ span }) => !emptied.includes(span)))
  }

  /**
   * The spans to forget once everything up to this position is durable: none until a record is that was
   * written since the sink was found empty. Before that, a sink that still has its position would be resumed
   * there after a crash, and what it lost would never come again.
   */
  forgottenAt({ offset }: Position): readonly string[] {
    return this.#firstOffset <= offset ? this.#emptied : []
  }

  /** These were forgotten. */
  forgot(spans: readonly string[]): void {
    if (spans.length > 0) this.#emptied = []
  }

  consider(records: readonly StoredRecord[], { refused = [], again = [] }: Accepted): void {
    const left = new Set([...refused.map(({ index }) => index), ...again])
    let last: StoredRecord | undefined
    let before = ''
    for (const [index, record] of records.entries()) {
      if (left.has(index)) continue
      last = record
      this.#firstOffset = Math.min(this.#firstOffset, record.position.offset)
      if (record.home === before) continue
      before = record.home
      const month = monthOf(record)
      if (!this.#months.has(month) && !this.#firsts.has(month)) this.#firsts.set(month, record)
    }
    if (last !== undefined) this.#lasts = [...this.#lasts, last]
  }

  /** Those that are durable when everything up to this position is. */
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
