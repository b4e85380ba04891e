import type { Position } from './batch.ts'
import type { Call } from './call.ts'
import type { OpenOutcome } from './open-outcome.ts'

/**
 * A destination for records. The engine opens a session, writes to it, closes it, and opens the next one if
 * it has to. Calls never overlap: each one settles before the next begins, unless the engine gave up waiting
 * for a call that it aborted.
 *
 * Not a sink's job: retrying, waiting, remembering how far it got (except with idempotence `position`),
 * dropping repeated batches (except as its traits declare), splitting a batch to find a bad record, running
 * timers of its own.
 */
export interface Sink {
  /**
   * Connects and creates what is missing. All other calls go to the session that this one returns.
   * - Order: first, and again after the previous session was closed. Also after an earlier `open` that did
   *   not succeed.
   * - Retried: by the engine, with growing waits, on `retry` and on an exception.
   * - Idempotent: yes. It may run any number of times, also over what an earlier process left half done.
   * - Cancelled by: `call.signal`.
   * - The engine: compares the returned position with the journal, and delivers again if the two do not
   *   belong together.
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
   * The last position that the journal recorded for this sink; null if it has recorded none. A sink with
   * idempotence `position` that has lost its own position can tell from it that it is not new.
   */
  readonly acknowledged: Position | null

  /**
   * Returns whether the journal has, or has had, the record at this position. A sink that remembers a position
   * of the journal can tell from it that the journal was restored from an older copy, or replaced.
   */
  owns(position: Position): Promise<boolean>
}

/** What `check` found. */
export interface Finding {
  readonly level: 'ok' | 'warning' | 'error'
  /** Stable, for machines. */
  readonly code: string
  /** For a person. Says what to do unless `level` is `ok`. */
  readonly message: string
}
