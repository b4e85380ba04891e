import type { Accepted, Position } from '@cdrstream/plugin'
import type { JournalRecord, Witness } from './ports/index.ts'

/** Chooses one delivered record of each month, by which it shows later that a sink was emptied. */
export class Witnesses {
  #months = new Set<string>()
  /** Chosen, but perhaps not durable in the sink yet. */
  readonly #candidates = new Map<string, JournalRecord>()

  /** These are recorded. */
  know(witnesses: readonly Witness[]): void {
    for (const { month } of witnesses) {
      this.#months.add(month)
      this.#candidates.delete(month)
    }
  }

  /** A session begins: what the one before had written may be lost. */
  restart(witnesses: readonly Witness[]): void {
    this.#months = new Set()
    this.#candidates.clear()
    this.know(witnesses)
  }

  consider(records: readonly JournalRecord[], { refused = [], again = [] }: Accepted): void {
    const left = new Set([...refused.map(({ index }) => index), ...again])
    let before = ''
    for (const [index, record] of records.entries()) {
      if (record.home === before || left.has(index)) continue
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
