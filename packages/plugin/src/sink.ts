import type { Position } from './batch.ts'
import type { Call } from './call.ts'
import type { OpenOutcome } from './open-outcome.ts'

/**
 * A destination for records. The engine opens a session, writes to it, closes it, and opens another one if
 * necessary. Calls never overlap: each call settles before the next begins, unless the engine gave up waiting
 * for a call that it aborted.
 *
 * A sink is not responsible for retrying, waiting, remembering how far it got (except with idempotence
 * `position`), dropping repeated batches (except as its traits declare), splitting a batch to find a bad
 * record, or running its own timers.
 */
export interface Sink {
  /**
   * Connects to the destination and creates what is missing there. All other calls go to the session it
   * returns.
   * - Order: first, and again after the previous session has been closed or after an `open` that did not
   *   succeed.
   * - Retried: by the engine, with increasing waits, on `retry` and on an exception.
   * - Idempotent: yes. It can run any number of times, and must cope with work that an earlier process left
   *   half done.
   * - Cancelled by: `call.signal`.
   * - The engine: compares the returned position with the journal, and delivers again if the two do not
   *   belong together.
   */
  open(call: OpenCall): Promise<OpenOutcome>

  /**
   * Looks for problems that a person should fix. `cdrstream doctor` calls it.
   * - Order: at any time, even without a session.
   * - Retried: never.
   * - Idempotent: yes. It changes nothing.
   * - Cancelled by: `call.signal`.
   */
  check?(call: Call): Promise<readonly Finding[]>
}

/** The argument of `open`. */
export interface OpenCall extends Call {
  /**
   * The last position that the journal recorded for this sink, or null if there is none. A sink with
   * idempotence `position` that has lost its own position can tell from this that it is not new.
   */
  readonly acknowledged: Position | null

  /**
   * Returns whether the journal has, or has had, the record at this position. A sink that remembers a journal
   * position can use this to detect that the journal was restored from an older copy, or replaced.
   */
  owns(position: Position): Promise<boolean>
}

/** One result of `check`. */
export interface Finding {
  readonly level: 'ok' | 'warning' | 'error'
  /** Stable, for machines. */
  readonly code: string
  /** A readable message. Explains how to fix the problem, unless `level` is `ok`. */
  readonly message: string
}
