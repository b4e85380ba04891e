import type { Position } from './batch.ts'

/** What became of a batch. After `accepted` and `refused` the session goes on. */
export type WriteOutcome = Accepted | Refused | Rejected | Retry | Failed

/** What became of a flush. */
export type FlushOutcome = Flushed | Retry | Failed

export interface Accepted {
  readonly kind: 'accepted'
  /**
   * Everything up to here is durable and never has to be sent again: the `from` or `to` of this batch or of
   * an earlier one of the session. Default: the batch's `to`. A sink that buffers gives an earlier position.
   */
  readonly through?: Position
  /**
   * Records that can never be written; the others were. The engine puts them into quarantine. Not for
   * idempotence `position`, where the stored position would already be past them: such a sink answers
   * `refused`.
   */
  readonly refused?: readonly Refusal[]
  /** Indexes in this batch's `records` to send again after a wait. `through` stays before the first of them. */
  readonly again?: readonly number[]
}

/**
 * Nothing of this batch was written, because of these records, which can never be written. The engine puts
 * them into quarantine and sends the others again.
 */
export interface Refused {
  readonly kind: 'refused'
  /** At least one. */
  readonly refused: readonly Refusal[]
}

/** One record that the sink refuses for good. */
export interface Refusal {
  /** Its index in this batch's `records`. */
  readonly index: number
  /** Why, for a person. Without content of the record. */
  readonly reason: string
}

/**
 * Nothing of this batch was written: it holds a record that cannot be, and the sink cannot say which. The
 * engine halves the batch.
 */
export interface Rejected {
  readonly kind: 'rejected'
  readonly reason: string
}

export interface Flushed {
  readonly kind: 'accepted'
  /** Everything up to here is durable. Default: everything that was written. */
  readonly through?: Position
}

/** Nothing is known to be wrong with the records: the same call may succeed later. */
export interface Retry {
  readonly kind: 'retry'
  /** The shortest wait before the next attempt, in milliseconds. Default: the engine's own growing wait. */
  readonly afterMs?: number
  /**
   * True: close this session and open a new one first. Sinks with idempotence `position` are always opened
   * again, because only their store knows whether the batch was written.
   */
  readonly reopen?: boolean
  readonly cause?: unknown
}

/** A person has to do something. The engine pauses this sink, says so, and opens it again later. */
export interface Failed {
  readonly kind: 'failed'
  /** Stable, for machines: `permission-denied`, `disk-full`. */
  readonly code: string
  /** What the person has to do, in one sentence. */
  readonly remedy: string
  readonly cause?: unknown
}
