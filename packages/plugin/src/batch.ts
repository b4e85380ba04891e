import type { CdrRecord } from './record.ts'

/** A place in a journal. A sink stores it and returns it, and does not interpret it. */
export interface Position {
  /** The journal's own id. Every journal has its own. */
  readonly incarnation: string
  /** The number of the last record that is included; 0 is before the first. */
  readonly offset: number
  /**
   * The id of the commit that wrote that record: it tells a restored copy from its original. Empty at offset
   * 0.
   */
  readonly commit: string
}

/**
 * A run of the journal, in its order. Records in quarantine, and older revisions where the traits say so, are
 * left out.
 */
export interface Batch {
  readonly records: readonly CdrRecord[]
  /** Where the run begins: the position before its first record. */
  readonly from: Position
  /** Where the run ends: the position of its last record. */
  readonly to: Position
}
