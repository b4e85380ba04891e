import type { Batch, Position } from './batch.ts'
import type { Call } from './call.ts'
import type { FlushOutcome, OpenOutcome, WriteOutcome } from './outcome.ts'
import type { CdrRecord } from './record.ts'

/**
 * A destination for records. The engine opens a session, writes to it, closes it, and opens the next one if it has to. Calls never
 * overlap: each one settles before the next begins, unless the engine gave up waiting for a call that it aborted.
 *
 * Not a sink's job: retrying, waiting, remembering how far it got (except with idempotence `position`), dropping repeated batches
 * (except as its traits declare), splitting a batch to find a bad record, running timers of its own.
 */
export interface Sink {
  /**
   * Connects and creates what is missing. All other calls go to the session that this one returns.
   * - Order: first, and again after the previous session was closed. Also after an earlier `open` that did not succeed.
   * - Retried: by the engine, with growing waits, on `retry` and on an exception.
   * - Idempotent: yes. It may run any number of times, also over what an earlier process left half done.
   * - Cancelled by: `call.signal`.
   * - The engine: compares the returned position with the journal, and delivers again if the two do not belong together.
   */
  open(call: OpenCall): Promise<OpenOutcome>

  /**
   * Looks for problems that a person should fix. `cdrstream doctor` calls it.
   * - Order: at any time, also without a session.
   * - Retried: never.
   * - Idempotent: it changes nothing.
   * - Cancelled by: `call.signal`.
   */
  check?(call: Call): Promise<readonly Finding[]>
}

export interface OpenCall extends Call {
  /**
   * The last position that the journal recorded for this sink; null if it has recorded none. A sink with idempotence `position` that
   * has lost its own position can tell from it that it is not new.
   */
  readonly acknowledged: Position | null
}

/** An open sink. */
export interface SinkSession {
  /**
   * Writes the records of a batch in their order.
   * - Order: batches come in the journal's order, each with at least one record. After a crash or a retry, everything that was not
   *   acknowledged comes again, possibly divided into other batches. `batch.from` is where the last accepted batch ended, or the
   *   position that `open` returned. Records in quarantine are left out.
   * - Retried: by the engine, on `retry`, on an exception, and for the records in `again`.
   * - Idempotent: as declared in `traits.idempotence`.
   * - Cancelled by: `call.signal`, after `traits.timeoutMs` or at shutdown. What was half written comes again, in smaller batches.
   * - The engine: keeps each batch within `traits.batch`, removes older revisions in a batch for `revisions: 'latest'`, keeps
   *   refused records in quarantine, and remembers `through`.
   */
  write(batch: Batch, call: Call): Promise<WriteOutcome>

  /**
   * Makes durable what was written and is not yet covered by `through`.
   * - Order: after a `write`, when the oldest record that `through` does not cover is `traits.flushAfterMs` old, and before shutdown.
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
   * Tells which of these records the sink still has. The engine asks about a few records that were delivered earlier, to notice that a
   * table or an index was emptied.
   * - Order: right after `open`.
   * - Retried: no. An exception counts as "cannot tell".
   * - Idempotent: it changes nothing.
   * - Cancelled by: `call.signal`.
   * - Returns one answer per record, in their order. `expired`: the sink's own retention has removed it.
   */
  holds?(records: readonly RecordReference[], call: Call): Promise<readonly Presence[]>

  /**
   * Releases connections, handles and locks.
   * - Order: last, exactly once per session, also after a call that threw or was aborted. Buffered records that no `flush` made durable
   *   may be dropped: they come again.
   * - Retried: no. An exception is logged.
   * - Cancelled by: `call.signal`.
   */
  close?(call: Call): Promise<void>
}

/** Enough to find one revision of a record in the sink. */
export type RecordReference = Pick<CdrRecord, 'org' | 'key' | 'rank' | 'home'>

/** Whether a sink has a record in this revision or a newer one. */
export type Presence = 'present' | 'absent' | 'expired'

/** What `check` found. */
export interface Finding {
  readonly level: 'ok' | 'warning' | 'error'
  /** Stable, for machines. */
  readonly code: string
  /** For a person. Says what to do unless `level` is `ok`. */
  readonly message: string
}

/**
 * How far one org is complete in this sink: every record inserted in `[fromMs, completeThroughMs)` is here, except in the gaps. All times
 * are insertion times in milliseconds since 1970, UTC.
 */
export interface Mark {
  readonly org: string
  /** Where the span begins that this mark speaks of. It says nothing about earlier records. */
  readonly fromMs: number
  readonly completeThroughMs: number
  /** Ordered and disjoint. Without any, every record of the span is here. */
  readonly gaps: readonly MarkGap[]
}

/** A span `[fromMs, toMs)` of insertion time in which records may be missing. */
export interface MarkGap {
  readonly fromMs: number
  readonly toMs: number
  /**
   * The most serious reason that applies to a second of it:
   * - `not-collected`: nobody collected, or the records expired before they could be read
   * - `not-delivered`: the journal had to drop records before this sink took them, or the sink lost them
   * - `refused`: at least one record is in quarantine
   * - `doubtful`: the API's answer was incomplete by its own count
   */
  readonly reason: MarkGapReason
}

export type MarkGapReason = 'not-collected' | 'not-delivered' | 'refused' | 'doubtful'
