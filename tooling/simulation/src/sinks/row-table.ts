import type { CdrRecord, Presence, RecordReference } from '@cdrstream/plugin'
import { type StoredRow, storedRow } from './stored-row.ts'

/** Rows by their identity: one row per revision, or with `upsert` only the highest revision of each key. */
export class RowTable {
  readonly #upsert: boolean
  readonly #rows = new Map<string, StoredRow>()

  constructor(upsert: boolean) {
    this.#upsert = upsert
  }

  put(record: CdrRecord): void {
    const id = this.#id(record.org, record.key, record.rank)
    const before = this.#rows.get(id)
    if (before === undefined || before.rank <= record.rank) this.#rows.set(id, storedRow(record))
  }

  has(org: string, key: string, rank: number): boolean {
    const row = this.#rows.get(this.#id(org, key, rank))
    return row !== undefined && row.rank >= rank
  }

  holds(records: readonly RecordReference[]): readonly Presence[] {
    return records.map(({ org, key, rank }) => (this.has(org, key, rank) ? 'present' : 'absent'))
  }

  rows(): Iterable<StoredRow> {
    return this.#rows.values()
  }

  /**
   * Saves the rows. Returns a function that restores them and returns how many rows the restore removed or
   * changed.
   */
  save(): () => number {
    const saved = new Map(this.#rows)
    return () => {
      const lost = [...this.#rows].filter(([id, row]) => saved.get(id) !== row).length
      this.#rows.clear()
      for (const [id, row] of saved) this.#rows.set(id, row)
      return lost
    }
  }

  empty(month: string | null): number {
    const before = this.#rows.size
    for (const [id, { home }] of this.#rows) {
      if (month === null || home.startsWith(month)) this.#rows.delete(id)
    }
    return before - this.#rows.size
  }

  #id(org: string, key: string, rank: number): string {
    return this.#upsert ? `${org}|${key}` : `${org}|${key}|${rank}`
  }
}
