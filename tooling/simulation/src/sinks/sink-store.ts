import type { Mark, Sink, SinkTraits, StoredMark } from '@cdrstream/plugin'
import type { StoredRow } from './stored-row.ts'

/** The storage of a sink. It outlives the process, like a database or a directory. */
export interface SinkStore {
  readonly traits: SinkTraits
  /** Returns the rows that a reader sees, in order. */
  rows(): Iterable<StoredRow>
  /** Returns whether a reader sees this revision, or a newer one if the store keeps only the latest. */
  has(org: string, key: string, rank: number): boolean
  /** Returns a working sink for a new process. */
  connect(): Sink
  /** Deletes all rows, or one month's rows (`YYYY-MM`), as a person might. Returns how many were deleted. */
  empty(month: string | null): number
  /**
   * Saves the rows. Returns a function that restores them and returns how many rows the restore removed or
   * changed.
   */
  save(): () => number
  /** The stored marks, by org. */
  readonly marks: Map<string, MarkWithStart>
}

/** The stored mark of an org, with the start of the span that it covers. */
export interface MarkWithStart extends StoredMark {
  readonly fromMs: number
}

export type StoreKind = 'revisions' | 'latest' | 'lines' | 'table' | 'log'

/** Stores marks as the contract requires. */
export function storeMarks(
  stored: Map<string, MarkWithStart>,
  marks: readonly Mark[],
  merge: (stored: StoredMark | undefined, mark: Mark) => StoredMark | undefined,
): void {
  for (const mark of marks) {
    const before = stored.get(mark.org)
    const merged = merge(before, mark)
    if (merged === undefined) continue
    stored.set(mark.org, { ...merged, fromMs: Math.min(before?.fromMs ?? mark.fromMs, mark.fromMs) })
  }
}
