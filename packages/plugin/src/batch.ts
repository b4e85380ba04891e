import type { CdrRecord } from './record.ts'

/** A position in the journal. A sink stores it and returns it unchanged, without interpreting it. */
export interface Position {
  /** The unique id of the journal. */
  readonly incarnation: string
  /** The number of the last record up to here; 0 is the position before the first record. */
  readonly offset: number
  /**
   * The id of the commit that wrote that record, which distinguishes a restored copy of the journal from its
   * original. Empty at offset 0.
   */
  readonly commit: string
}

/**
 * Consecutive records from the journal, in order. Omits records in quarantine and, with `revisions:
 * 'latest'`, older revisions.
 */
export interface Batch {
  readonly records: readonly CdrRecord[]
  /** The position before the first record. */
  readonly from: Position
  /** The position of the last record. */
  readonly to: Position
}
