import type { Position } from './batch.ts'

/** The outcome of a write. The session continues after `accepted` and `refused`. */
export type WriteOutcome = Accepted | Refused | Rejected | Retry | Failed

/** The outcome of a flush. */
export type FlushOutcome = Flushed | Retry | Failed

/** The batch was written, except for the records in `refused` and `again`. */
export interface Accepted {
  readonly kind: 'accepted'
  /**
   * Everything up to this position is durable and never has to be sent again. Must be the `from` or `to` of
   * this batch or of an earlier one in the session. Default: the batch's `to`. A sink that buffers returns an
   * earlier position.
   */
  readonly through?: Position
  /**
   * Records that can never be written. All others were written. The engine puts these into quarantine. A sink
   * with idempotence `position` must answer `refused` instead, because its stored position would already be
   * past them.
   */
  readonly refused?: readonly Refusal[]
  /** Indexes in `records` to send again after a wait. `through` must stay before the first of them. */
  readonly again?: readonly number[]
}

/**
 * None of the batch was written, because these records can never be written. The engine puts them into
 * quarantine and sends the others again.
 */
export interface Refused {
  readonly kind: 'refused'
  /** At least one. */
  readonly refused: readonly Refusal[]
}

/** One record that the sink refuses permanently. */
export interface Refusal {
  /** Its index in the batch's `records`. */
  readonly index: number
  /** A readable reason. Must not contain record content. */
  readonly reason: string
}

/**
 * None of the batch was written, because it contains a record that cannot be written, and the sink cannot
 * tell which. The engine splits the batch in half.
 */
export interface Rejected {
  readonly kind: 'rejected'
  readonly reason: string
}

/** The flush succeeded. */
export interface Flushed {
  readonly kind: 'accepted'
  /** Everything up to this position is durable. Default: everything that was written. */
  readonly through?: Position
}

/** The call failed for a reason other than the records. The same call may succeed later. */
export interface Retry {
  readonly kind: 'retry'
  /** The minimum wait before the next attempt, in milliseconds. Default: the engine's increasing wait. */
  readonly afterMs?: number
  /**
   * Whether the engine must close this session and open a new one first. It always does for sinks with
   * idempotence `position`, because only their store knows whether the batch was written.
   */
  readonly reopen?: boolean
  readonly cause?: unknown
}

/**
 * A problem that a person has to fix. The engine pauses the sink, reports the remedy, and opens the sink
 * again later.
 */
export interface Failed {
  readonly kind: 'failed'
  /** Stable, for machines, such as `permission-denied` or `disk-full`. */
  readonly code: string
  /** How to fix the problem, in one sentence. */
  readonly remedy: string
  readonly cause?: unknown
}
