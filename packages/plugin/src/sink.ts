import type { Batch } from './batch.ts'
import type { Call } from './call.ts'
import type { OpenOutcome, WriteOutcome } from './outcome.ts'

/**
 * Where records go. The engine calls in the order: `open`, then any of `write`, `flush` and `mark`, then `close`.
 * One call at a time, each settled before the next. Outcomes are values; an exception counts as `retry`.
 *
 * Not a sink's job: retrying, waiting, remembering how far it got (but for idempotence `position`), dropping repeated
 * batches (but by its declared trait), splitting a batch to find a bad record, timers of its own.
 */
export interface Sink {
  /**
   * Connects, and creates what is missing.
   * - Order: first; again after `failed` and its five minutes of pause, after an exception or an aborted call (which may still be
   *   running), and for idempotence `position` after every outcome but `accepted`.
   * - At once: alone.
   * - Retried: by the engine, on `retry` and on an exception, with growing waits.
   * - Idempotent: yes, it may come any number of times, also on what an earlier process left half done.
   * - Cancelled by: `call.signal`.
   * - The engine does: compares the returned position with the journal, and replays if the two do not belong together.
   */
  open?(call: Call): Promise<OpenOutcome>

  /**
   * Writes the records of a batch, in its order.
   * - Order: after `open`. Batches come in the journal's order, each with one record at least; after a crash or a retry, all or
   *   part of what was not acknowledged comes again, and may be cut into batches differently. `batch.from` is where the last
   *   accepted batch ended, or the opened position; behind a record that went to quarantine it is that record's.
   * - At once: one.
   * - Retried: by the engine: on `retry`, on an exception (the fifth in a row halves the batch to find a bad record), and
   *   for the records in `again`.
   * - Idempotent: as declared in `traits.idempotence`.
   * - Cancelled by: `call.signal`; what was half written comes again.
   * - The engine does: bounds the batch by `traits.batch`, removes elder revisions in a batch for `revisions: 'latest'`,
   *   keeps refused records in quarantine, remembers `through`.
   */
  write(batch: Batch, call: Call): Promise<WriteOutcome>

  /**
   * Makes durable what was written and is not yet covered by `through`.
   * - Order: after a `write`: when the oldest such record is `traits.flushAfterMs` old, and before shutdown.
   * - At once: alone.
   * - Retried: by the engine, as `write`.
   * - Idempotent: with nothing to do it is accepted.
   * - Cancelled by: `call.signal`; at shutdown after 10 s.
   * - The engine does: the timing.
   */
  flush?(call: Call): Promise<WriteOutcome>

  /**
   * Tells readers how far the records are complete, for who closes a billing day.
   * - Order: after a `flush` that was accepted, so that all that the mark speaks of is durable here.
   * - At once: alone.
   * - Retried: not; the next marks replace these.
   * - Idempotent: yes, the highest counts.
   * - Cancelled by: `call.signal`.
   * - The engine does: computes the marks from coverage and this sink's position.
   */
  mark?(marks: readonly Mark[], call: Call): Promise<void>

  /**
   * Looks for what a person should mend. For `cdrstream doctor`.
   * - Order: at any time, also without `open`.
   * - At once: alone.
   * - Retried: not.
   * - Idempotent: it changes nothing.
   * - Cancelled by: `call.signal`.
   * - The engine does: prints what is found.
   */
  check?(call: Call): Promise<readonly Finding[]>

  /**
   * Gives back connections, handles and locks.
   * - Order: last; `open` may follow.
   * - At once: alone.
   * - Retried: not; an exception is logged.
   * - Idempotent: yes, also when `open` failed.
   * - Cancelled by: `call.signal`.
   * - The engine does: calls `flush` before.
   */
  close?(call: Call): Promise<void>
}

/** "Complete through": no record of this org that was inserted before is missing here, but for the gaps. */
export interface Mark {
  readonly org: string
  /** The frontier of insertion time, in milliseconds since 1970, UTC. */
  readonly completeThroughMs: number
  /** Spans `[fromMs, toMs)` of insertion time before it that were lost. */
  readonly gaps: readonly { readonly fromMs: number; readonly toMs: number }[]
}

/** What `check` found. */
export interface Finding {
  readonly level: 'ok' | 'warning' | 'error'
  /** Stable, for machines. */
  readonly code: string
  /** For a person; with what to do if `level` is not `ok`. */
  readonly message: string
}
