import type { Mark, Sink, SinkTraits, StoredMark } from '@cdrstream/plugin'
import type { StoredRow } from './stored-row.ts'

/** Where a sink keeps its rows. It outlives the process, like a database or a directory. */
export interface SinkStore {
  readonly traits: SinkTraits
  /** What a reader finds, in order. */
  rows(): Iterable<StoredRow>
  /** Whether a reader finds this revision, or (where only one is kept) a newer one. */
  has(org: string, key: string, rank: number): boolean
  /** Returns the sink of a new process: without faults, as its author meant it. */
  connect(): Sink
  /** Somebody deletes all rows, or those of a month (`YYYY-MM`). Returns how many. */
  empty(month: string | null): number
  /** Returns what sets the store back to how it is now, and says how many rows that cost. */
  save(): () => number
  /** By org. */
  readonly marks: Map<string, SpokenMark>
}

/** What a sink has stored of its marks, and from where on they speak. */
export interface SpokenMark extends StoredMark {
  readonly fromMs: number
}

export type StoreKind = 'revisions' | 'latest' | 'lines' | 'table' | 'log'

/** Stores a mark as the contract says. */
export function storeMarks(
  stored: Map<string, SpokenMark>,
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
