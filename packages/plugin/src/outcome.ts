import type { Position } from './batch.ts'

/** What `open` found. */
export type OpenOutcome = Opened | Retry | Failed

export interface Opened {
  readonly kind: 'opened'
  /**
   * For sinks with idempotence `position`: the position that is stored with the data; null when there is none yet. The
   * engine goes on behind it. Sinks of the other kinds leave it out, and the journal remembers for them.
   */
  readonly position?: Position | null
}

/** What became of a batch, or of a flush. */
export type WriteOutcome = Accepted | Rejected | Retry | Failed

export interface Accepted {
  readonly kind: 'accepted'
  /**
   * All up to here is durable and needs never be sent again. Default: the batch's `to` (for a flush: all that was
   * written). A sink that collects before it writes gives an earlier position, as early as it likes.
   */
  readonly through?: Position
  /** Records that can never be written. The engine puts them into quarantine; they count as dealt with. */
  readonly refused?: readonly Refusal[]
  /** Indexes in this batch's `records` to send again after a wait. `through` stays before the first of them. */
  readonly again?: readonly number[]
}

/** One record that the sink refuses for good. */
export interface Refusal {
  /** Its index in this batch's `records`. */
  readonly index: number
  /** Why, for a person. Without content of the record. */
  readonly reason: string
}

/** The batch holds a record that cannot be written, and the sink cannot say which. The engine halves the batch to find it. */
export interface Rejected {
  readonly kind: 'rejected'
  readonly reason: string
}

/** Nothing is known to be wrong with the records: the same call may succeed later. */
export interface Retry {
  readonly kind: 'retry'
  /** Not before so many milliseconds. Default: the engine's own growing wait. */
  readonly afterMs?: number
  readonly cause?: unknown
}

/** A person has to do something. The engine pauses this sink, says so, and opens it again every five minutes. */
export interface Failed {
  readonly kind: 'failed'
  /** Stable, for machines: `permission-denied`, `disk-full`. */
  readonly code: string
  /** What the person has to do, in one sentence. */
  readonly remedy: string
  readonly cause?: unknown
}
