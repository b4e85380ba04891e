import type { Batch } from './batch.ts'
import type { Call } from './call.ts'
import type { Mark } from './mark.ts'
import type { FlushOutcome, WriteOutcome } from './outcome.ts'
import type { CdrRecord } from './record.ts'

/** An open sink. */
export interface SinkSession {
  /**
   * Writes the records of a batch in their order.
   * - Order: batches come in the journal's order, each with at least one record. After a crash or a retry,
   *   everything that was not acknowledged comes again, possibly divided into other batches. `batch.from` is
   *   where the last accepted batch ended, or the position that `open` returned. Records in quarantine are
   *   left out.
   * - Retried: by the engine, on `retry`, on an exception, and for the records in `again`.
   * - Idempotent: as declared in `traits.idempotence`.
   * - Cancelled by: `call.signal`, after `traits.timeoutMs` or at shutdown. What was half written comes
   *   again, in smaller batches.
   * - The engine: keeps each batch within `traits.batch`, removes older revisions in a batch for `revisions:
   *   'latest'`, keeps refused records in quarantine, and remembers `through`.
   */
  write(batch: Batch, call: Call): Promise<WriteOutcome>

  /**
   * Makes durable what was written and is not yet covered by `through`.
   * - Order: after a `write`, when the oldest record that `through` does not cover is `traits.flushAfterMs`
   *   old, and before shutdown.
   * - Retried: by the engine, like `write`.
   * - Idempotent: yes. With nothing to do it answers `accepted`.
   * - Cancelled by: `call.signal`; at shutdown after 10 s.
   */
  flush?(call: Call): Promise<FlushOutcome>

  /**
   * Publishes how far the records are complete, for readers who close a billing day.
   * - Order: when everything that the marks speak of is durable in this sink.
   * - Retried: no. The next marks replace these. An exception is logged.
   * - Idempotent: yes. `mergeMark` combines a mark with the one that is stored.
   * - Cancelled by: `call.signal`.
   */
  mark?(marks: readonly Mark[], call: Call): Promise<void>

  /**
   * Tells which of these records the sink still has. The engine asks about a few records that were delivered
   * earlier, to notice that a table or an index was emptied, or restored from an older copy.
   * - Order: right after `open`.
   * - Retried: yes. After an exception the session is closed, and the sink is opened again after a wait.
   * - Idempotent: it changes nothing.
   * - Cancelled by: `call.signal`.
   * - Returns one answer per record, in their order. `expired`: the sink's own retention has removed
   *   it. `unknown`: it cannot be looked up now, for example in an index that is closed. Delivery goes on, and
   *   the engine asks again when the sink is opened next.
   */
  holds?(records: readonly RecordReference[], call: Call): Promise<readonly Presence[]>

  /**
   * Releases connections, handles and locks.
   * - Order: last, exactly once per session, also after a call that threw or was aborted. Buffered records
   *   that no `flush` made durable may be dropped: they come again.
   * - Retried: no. An exception is logged.
   * - Cancelled by: `call.signal`.
   */
  close?(call: Call): Promise<void>
}

/** Enough to find one revision of a record in the sink. */
export type RecordReference = Pick<CdrRecord, 'org' | 'key' | 'rank' | 'home'>

/** Whether a sink has a record in this revision or a newer one. */
export type Presence = 'present' | 'absent' | 'expired' | 'unknown'
