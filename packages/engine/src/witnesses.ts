import type { Accepted, Position } from '@cdrstream/plugin'
import type { JournalRecord, Witness } from './ports/index.ts'

/** Chooses one delivered record of each month, by which it shows later that a sink was emptied. */
export class Witnesses {
  #months = new Set<string>()
  /** Chosen, but perhaps not durable in the sink yet. */
  readonly #candidates = new Map<string, JournalRecord>()
  /** What the sink turned out not to have any more when it was opened. */
  #emptiedMonths: readonly string[] = []
  /** The first record that the sink accepted since then. */
  #firstOffset = Number.POSITIVE_INFINITY

  /** These are recorded. */
  know(witnesses: readonly Witness[]): void {
    for (const { month } of witnesses) {
      this.#months.add(month)
      this.#candidates.delete(month)
    }
  }

  /** A session begins: what the one before had written may be lost. */
  restart(witnesses: readonly Witness[], emptiedMonths: readonly string[]): void {
    this.#months = new Set()
    this.#candidates.clear()
    this.#emptiedMonths = emptiedMonths
    this.#firstOffset = Number.POSITIVE_INFINITY
    this.know(witnesses.filter(({ month }) => !emptiedMonths.includes(month)))
  }

  /**
   * The months to forget once everything up to this position is durable: none until a record is that was
   * written since the sink was found empty. Before that, a sink that still has its position would be resumed
   * there after a crash, and what it lost would never come again.
   */
  forgottenAt({ offset }: Position): readonly string[] {
    return this.#firstOffset <= offset ? this.#emptiedMonths : []
  }

  /** These were forgotten. */
  forgot(months: readonly string[]): void {
    if (months.length > 0) this.#emptiedMonths = []
  }

  consider(records: readonly JournalRecord[], { refused = [], again = [] }: Accepted): void {
    const left = new Set([...refused.map(({ index }) => index), ...again])
    let before = ''
    for (const [index, record] of records.entries()) {
      if (left.has(index)) continue
      this.#firstOffset = Math.min(this.#firstOffset, record.position.offset)
      if (record.home === before) continue
      before = record.home
      const month = monthOf(record)
      if (!this.#months.has(month) && !this.#candidates.has(month)) this.#candidates.set(month, record)
    }
  }

  /** Those that are durable when everything up to this position is. */
  upTo({ offset }: Position): readonly Witness[] {
    return [...this.#candidates.values()]
      .filter(({ position }) => position.offset <= offset)
      .map((record) => {
        const { org, key, rank, home } = record
        return { org, key, rank, home, month: monthOf(record) }
      })
  }
}

function monthOf({ home }: JournalRecord): string {
  return home.slice(0, 7)
}
