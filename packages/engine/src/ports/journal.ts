import type { AcceptedRecord, Progress, Revision, StoredRecord, WholeMs } from '@cdrstream/core'
import type { Budget } from '@cdrstream/core/budget'
import type { Position, RecordReference } from '@cdrstream/plugin'

/**
 * The durable, ordered log of accepted records, and everything that a collector must not lose. A fulfilled
 * promise means that the change is durable. A rejected promise means that nothing was changed; the reason is
 * a `JournalFullError` if it is full.
 */
export interface Journal {
  /** The id in the positions of this journal. */
  readonly incarnation: string

  /**
   * Returns the progress of a scope, or undefined if it is new. `scope` identifies the org and its location
   * filter: a changed filter starts a new coverage.
   */
  progress(scope: string): Promise<Progress | undefined>
  /**
   * Returns the progress of every scope that was ever collected, including orgs that are no longer
   * configured.
   */
  scopes(): Promise<readonly ScopeProgress[]>
  /** Returns the known revisions of these keys; an unknown key is not in the map. */
  revisions(org: string, keys: readonly string[]): Promise<ReadonlyMap<string, readonly Revision[]>>
  /**
   * Stores in one transaction: records at the end of the log, their revisions, quarantine, progress and
   * budget. Returns the new end.
   */
  commit(page: PageCommit): Promise<Position>

  /** Returns the stored budget of a credential, or an unused one. */
  budget(credential: string): Promise<Budget>
  /** Returns the credentials that have a budget, including credentials no longer in use. */
  credentials(): Promise<readonly string[]>
  /**
   * Changes a budget atomically, including across processes: `change` receives the stored budget and returns
   * the new one, or undefined to leave it unchanged. Returns what was stored, or undefined.
   */
  changeBudget(
    credential: string,
    change: (budget: Budget) => Budget | undefined,
  ): Promise<Budget | undefined>

  /** Returns the position before the oldest record that is still kept. */
  start(): Promise<Position>
  /** Returns the position of the last record. */
  end(): Promise<Position>
  /** Returns the position before the first record accepted at or after this time. */
  positionAt(acceptedAtMs: number): Promise<Position>
  /**
   * Returns whether this journal itself issued the position and the position is not past the journal's end.
   * Positions of pruned records still count.
   */
  owns(position: Position): Promise<boolean>
  /** Returns when the newest record was accepted, even if it was pruned; undefined if there was none. */
  newestAcceptedAtMs(): Promise<WholeMs | undefined>
  /**
   * Returns the records after this position, in order; empty at the end. Returns at least one record of any
   * size if there is one.
   */
  read(after: Position, limit: ReadLimit): Promise<JournalRun>

  /** Returns what the journal stores about a sink; undefined if it was never registered. */
  sink(name: string): Promise<SinkStanding | undefined>
  /**
   * Records where delivery to a new sink starts. A sink that is already registered is left unchanged. Records
   * accepted after this call are intended for the sink, regardless of `nowMs`, which only matters if no
   * record was ever accepted.
   */
  registerSink(name: string, first: Position, nowMs: WholeMs): Promise<void>
  /**
   * Records where delivery resumes, in one transaction with what the sink can no longer receive. The position
   * may be before the acknowledged one.
   */
  startSink(name: string, at: Position, changes: SinkRestart): Promise<void>
  /**
   * Records that everything from this position to the sink's current position is delivered again. Until the
   * sink has acknowledged all of it, delivery resumes at the acknowledged position, regardless of what the
   * sink reports.
   */
  rewindSink(name: string, after: Position): Promise<void>
  /**
   * Records a sink's position and the records that it refused, in one transaction. Recording the same again
   * changes nothing.
   */
  acknowledge(sink: string, acknowledgement: SinkAcknowledgement): Promise<void>
  /** Returns the offsets after this one that are in quarantine for the sink. */
  refusedAfter(sink: string, offset: number): Promise<readonly number[]>
  /** Returns the records that the sink does not have although they were intended for it. */
  missing(sink: string): Promise<readonly MissingRecords[]>
  /** Returns the names that an org had before. Sinks still have its earlier records under these names. */
  formerNames(org: string): Promise<readonly string[]>

  /**
   * Deletes records older than `keep` and acknowledged by all these sinks, then records that exceed
   * `maxBytes`. `nowMs` must be a time that has actually been reached, because a wrong clock could delete
   * everything.
   */
  prune(nowMs: WholeMs, sinks: readonly string[]): Promise<Pruned>
  /**
   * Returns the free bytes on the disk above the configured minimum (`minFreeDisk`). 0 or less: stop writing.
   */
  roomBytes(): Promise<number>
  /** Releases the journal. */
  close(): Promise<void>
}

/** The progress of an org with a given location filter. */
export interface ScopeProgress {
  readonly scope: string
  readonly org: string
  readonly progress: Progress
}

/** The changes stored with a page, in one transaction. */
export interface PageCommit {
  readonly org: string
  readonly scope: string
  readonly progress: Progress
  readonly records: readonly AcceptedRecord[]
  readonly quarantined: readonly QuarantineItem[]
  readonly budget: { readonly credential: string; readonly change: (budget: Budget) => Budget }
}

/** Consecutive records of the journal. */
export interface JournalRun {
  readonly records: readonly StoredRecord[]
  /** The position of the last record, or the starting position if there are no records. */
  readonly to: Position
  /** Offsets of records that are not meant for the reading sink. */
  readonly leftOut?: readonly number[]
}

/** The maximum amount to read at once. */
export interface ReadLimit {
  readonly records: number
  /** Bytes of record text. */
  readonly bytes: number
  /** The reading sink. Default: none; every record is returned. */
  readonly sink?: string
}

/** The journal's data about a sink. */
export interface SinkStanding {
  /** Where delivery to the sink began. */
  readonly first: Position
  /** Records accepted at or after this time are intended for the sink; null for all records. */
  readonly firstMs: number | null
  readonly acknowledged: Position
  /** During a replay that an operator requested, the offset up to which everything is delivered again. */
  readonly replayTo?: number | null
  /** Whether an operator has paused the sink. */
  readonly isPaused?: boolean
  readonly witnesses: readonly Witness[]
}

/**
 * A record that is durable in a sink, used to detect that the sink's store was emptied or restored from an
 * older copy. Each span has one.
 */
export interface Witness extends RecordReference {
  /**
   * - `first`: the first record delivered for a month of homes; `span` is that month, `YYYY-MM`
   * - `last`: the last record delivered for a day of acceptance; `span` is that day, `YYYY-MM-DD`
   */
  readonly kind: 'first' | 'last'
  readonly span: string
  /** Null if an earlier version recorded it. */
  readonly position: Position | null
}

/** The changes when delivery to a sink resumes at a different position. */
export interface SinkRestart {
  /**
   * Records after `from`, up to and including `to`, that the journal no longer keeps. They were accepted at
   * or after `sinceMs`, if known.
   */
  readonly gap?: { readonly from: Position; readonly to: Position; readonly sinceMs: number | null } | null
}

/** A sink's position, with everything recorded in the same transaction. */
export interface SinkAcknowledgement {
  readonly through: Position
  /** Items to put in quarantine. */
  readonly refused?: readonly QuarantineItem[]
  /** Offsets to remove from quarantine. */
  readonly released?: readonly number[]
  /** Spans whose witnesses are no longer valid; `witnesses` may contain new ones for these spans. */
  readonly forgotten?: readonly string[]
  /**
   * New witnesses. The first witness of a month stays until it is forgotten; a later witness of a day
   * replaces the previous one.
   */
  readonly witnesses?: readonly Witness[]
}

/** Records accepted in `[fromMs, toMs]` that a sink does not have. */
export interface MissingRecords {
  /** Null for any org. */
  readonly org: string | null
  /** Null if unbounded. */
  readonly fromMs: number | null
  readonly toMs: number
  /**
   * `lost`: the journal no longer has the records. `refused`: they are in quarantine, for this sink or for
   * all sinks.
   */
  readonly reason: 'lost' | 'refused'
}

/** An item that cannot be a record, or a record that a sink refused permanently. */
export interface QuarantineItem {
  readonly org: string
  /** The sink that refused the record; null if the item never became a record. */
  readonly sink: string | null
  /** A readable reason, without record content. */
  readonly reason: string
  /**
   * The bytes of a page are exactly as the API sent them; the journal can read them only until the commit
   * ends.
   */
  readonly text: string | Uint8Array
  readonly atMs: WholeMs
  /** The record that a sink refused. A record is in quarantine at most once for each sink. */
  readonly record?: { readonly offset: number; readonly acceptedAtMs: WholeMs }
}

/** The result of pruning. */
export interface Pruned {
  readonly records: number
  /** Sinks that had not acknowledged all deleted records, because `maxBytes` was reached. */
  readonly sinkGaps: readonly { readonly sink: string; readonly from: Position; readonly to: Position }[]
}

/** Thrown if the journal could not write because there is no space; it can write again once there is. */
export class JournalFullError extends Error {
  override readonly name = 'JournalFullError'
  readonly code = 'journal-full'
}
