/**
 * How far the records of one org are complete in this sink: every record inserted in `[fromMs,
 * completeThroughMs)` is here, except in the gaps. All times are insertion times in milliseconds since 1970,
 * UTC.
 */
export interface Mark {
  readonly org: string
  /** The start of the span that this mark covers. The mark makes no statement about earlier records. */
  readonly fromMs: number
  readonly completeThroughMs: number
  /** Sorted and disjoint. If empty, every record of the span is here. */
  readonly gaps: readonly MarkGap[]
}

/** A span `[fromMs, toMs)` of insertion time in which records may be missing. */
export interface MarkGap {
  readonly fromMs: number
  readonly toMs: number
  /**
   * The most serious reason that applies, from most to least serious:
   * - `not-collected`: no collector was running, or the records expired before they could be read
   * - `not-delivered`: the journal had to drop records before this sink accepted them, or the sink lost them
   * - `refused`: at least one record is in quarantine
   * - `doubtful`: the API's response was incomplete by its own count
   */
  readonly reason: MarkGapReason
}

/** Why records may be missing in a gap. */
export type MarkGapReason = 'not-collected' | 'not-delivered' | 'refused' | 'doubtful'
