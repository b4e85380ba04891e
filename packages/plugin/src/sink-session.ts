import type { Batch } from './batch.ts'
import type { Call } from './call.ts'
import type { Mark } from './mark.ts'
import type { FlushOutcome, WriteOutcome } from './outcome.ts'
import type { CdrRecord } from './record.ts'

/** An open sink. */
export interface SinkSession {
  /**
   * Writes the records of a batch in order.
   * - Order: batches come in the journal's order, each with at least one record. After a crash or a retry,
   *   the engine resends everything that was not acknowledged, possibly divided into different batches.
   *   `batch.from` is where the last accepted batch ended, or the position that `open` returned. Records in
   *   quarantine are omitted.
   * - Retried: by the engine, on `retry`, on an exception, and for the records in `again`.
   * - Idempotent: as declared in `traits.idempotence`.
   * - Cancelled by: `call.signal`, after `traits.timeoutMs` or on shutdown. The engine then sends the batch
   *   again, in smaller batches.
   * - The engine: keeps each batch within `traits.batch`, removes older revisions from a batch for
   *   `revisions: 'latest'`, keeps refused records in quarantine, and remembers `through`.
   */
  write(batch: Batch, call: Call): Promise<WriteOutcome>

  /**
   * Makes everything durable that was written and is not covered by `through` yet.
   * - Order: after a `write`, when the oldest record that `through` does not cover is `traits.flushAfterMs`
   *   old, and on shutdown.
   * - Retried: by the engine, like `write`.
   * - Idempotent: yes. If there is nothing to do, it answers `accepted`.
   * - Cancelled by: `call.signal`; on shutdown after 10 s.
   */
  flush?(call: Call): Promise<FlushOutcome>

  /**
   * Publishes how far the records are complete, for example for a reader that closes a billing day.
   * - Order: after everything that the marks cover is durable in this sink.
   * - Retried: no. The next marks replace these. An exception is logged.
   * - Idempotent: yes. `mergeMark` combines a mark with the stored one.
   * - Cancelled by: `call.signal`.
   */
  mark?(marks: readonly Mark[], call: Call): Promise<void>

  /**
   * Reports which of these records the sink still has. The engine asks about a few records that it delivered
   * earlier, to detect that a table or an index was emptied, or restored from an older copy.
   * - Order: right after `open`.
   * - Retried: yes. After an exception the session is closed, and the sink is opened again after a wait.
   * - Idempotent: yes. It changes nothing.
   * - Cancelled by: `call.signal`.
   * - Returns: one answer per record, in the same order. `expired`: the sink's own retention has removed the
   *   record. `unknown`: the record cannot be looked up now, for example because its index is closed.
   *   Delivery continues, and the engine asks again the next time it opens the sink.
   */
  holds?(records: readonly RecordReference[], call: Call): Promise<readonly Presence[]>

  /**
   * Releases connections, handles and locks.
   * - Order: last, exactly once per session, even after a call that threw or was aborted. It may drop
   *   buffered records that are not durable yet, because the engine sends them again.
   * - Retried: no. An exception is logged.
   * - Cancelled by: `call.signal`.
   */
  close?(call: Call): Promise<void>
}

/** Identifies one revision of a record in the sink. */
export type RecordReference = Pick<CdrRecord, 'org' | 'key' | 'rank' | 'home'>

/** Whether a sink has this revision of a record, or a newer one. */
export type Presence = 'present' | 'absent' | 'expired' | 'unknown'
