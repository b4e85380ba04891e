import type { CdrRecord } from './record.ts'

/** How far a sink has got in a journal. A sink stores it and gives it back; it does not interpret it. */
export interface Position {
  /** The journal's own id: another journal, or one that was restored, has another. */
  readonly incarnation: string
  /** The number of the last record that is included; 0 is before the first. */
  readonly offset: number
  /** The id of the commit that wrote that record: tells a restored copy from its original. Empty at offset 0. */
  readonly commit: string
}

/** A run of the journal, in its order. */
export interface Batch {
  readonly records: readonly CdrRecord[]
  /** Where the run begins: the position before its first record. */
  readonly from: Position
  /** Where the run ends: the position of its last record. */
  readonly to: Position
}
