import type { AcceptedRecord, Budget, Progress, Revision, StoredRecord, WholeMs } from '@cdrstream/core'
import type { Position, RecordReference } from '@cdrstream/plugin'

/**
 * The durable, ordered log of accepted records, and all that a collector must not forget. A settled promise
 * means durable. A rejected one means that nothing was changed; `JournalFullError` if that is for want of
 * room.
 */
export interface Journal {
  /** The id that positions of this journal carry. */
  readonly incarnation: string

  /** `scope` names the org and its location filter: a changed filter begins its own coverage. */
  progress(scope: string): Promise<Progress | undefined>
  /** The progress of every scope that was ever collected, also of orgs that are not configured any more. */
  scopes(): Promise<readonly ScopeProgress[]>
  /** All that is remembered of these keys; a key that is not known is not in the map. */
  revisions(org: string, keys: readonly string[]): Promise<ReadonlyMap<string, readonly Revision[]>>
  /**
   * One transaction: records at the end of the log, their revisions, quarantine, progress, budget. Returns
   * the new end.
   */
  commit(page: PageCommit): Promise<Position>

  budget(credential: string): Promise<Budget>
  /** The credentials that have a budget, also those that are not used any more. */
  credentials(): Promise<readonly string[]>
  /**
   * Compare-and-set, also against other processes: `change` gets the stored budget and returns what to store
   * instead, or undefined to leave it. Returns what was stored, or undefined.
   */
  changeBudget(
    credential: string,
    change: (budget: Budget) => Budget | undefined,
  ): Promise<Budget | undefined>

  /** Before the oldest record that is kept. */
  start(): Promise<Position>
  /** The last record. */
  end(): Promise<Position>
  /** Before the first record that was accepted at or after this time. */
  positionAt(acceptedAtMs: number): Promise<Position>
  /**
   * Whether this position was given out by this very journal, and is not past its end. A pruned one still
   * counts.
   */
  owns(position: Position): Promise<boolean>
  /** When the newest record was accepted, also if it was pruned; undefined if there was none. */
  newestAcceptedAtMs(): Promise<WholeMs | undefined>
  /**
   * The records after this position, in order; empty at the end. At least one record, however large, if there
   * is one.
   */
  read(after: Position, limit: ReadLimit): Promise<JournalRun>

  /** What is known of a sink; undefined if it was never registered. */
  sink(name: string): Promise<SinkStanding | undefined>
  /**
   * Records where delivery to a new sink begins. A sink that is registered already keeps what it has. The
   * records that are meant for it are those that are accepted from then on, whatever `nowMs` says: it counts
   * only if no record was ever accepted.
   */
  registerSink(name: string, first: Position, nowMs: WholeMs): Promise<void>
  /**
   * Records where delivery goes on, in one transaction with what the sink can no longer get. This may be a
   * position before the acknowledged one.
   */
  startSink(name: string, at: Position, changes: SinkRestart): Promise<void>
  /**
   * Records how far a sink has got, and what it refused, in one transaction. Recording the same again changes
   * nothing.
   */
  acknowledge(sink: string, acknowledgement: SinkAcknowledgement): Promise<void>
  /** The offsets after this one that are in quarantine for the sink. */
  refusedAfter(sink: string, offset: number): Promise<readonly number[]>
  /** What the sink does not have, although it was meant for it. */
  missing(sink: string): Promise<readonly MissingRecords[]>

  /**
   * Deletes what is older than `keep` and acknowledged by all these sinks, and then what exceeds `maxBytes`.
   * `nowMs` must be a time that was really reached: what a wrong clock says would delete everything.
   */
  prune(nowMs: WholeMs, sinks: readonly string[]): Promise<Pruned>
  /** Bytes that the disk has left above the configured floor (`minFreeDisk`); 0 or less: stop writing. */
  roomBytes(): Promise<number>
  close(): Promise<void>
}

/** The progress of an org with one location filter. */
export interface ScopeProgress {
  readonly scope: string
  readonly org: string
  readonly progress: Progress
}

/** What is stored with a page, in one transaction. */
export interface PageCommit {
  readonly org: string
  readonly scope: string
  readonly progress: Progress
  readonly records: readonly AcceptedRecord[]
  readonly quarantined: readonly QuarantineItem[]
  readonly budget: { readonly credential: string; readonly change: (budget: Budget) => Budget }
}

/** Records of the journal that follow each other. */
export interface JournalRun {
  readonly records: readonly StoredRecord[]
  /** The position of the last record, or the one that was read from. */
  readonly to: Position
}

/** How much to read at once, at most. */
export interface ReadLimit {
  readonly records: number
  /** Of record text. */
  readonly bytes: number
}

/** What the journal knows of a sink. */
export interface SinkStanding {
  /** Where delivery to it began. */
  readonly first: Position
  /** Records accepted at or after this time are meant for it; null: all records. */
  readonly firstMs: number | null
  readonly acknowledged: Position
  readonly witnesses: readonly Witness[]
}

/**
 * One of the records that a sink has durably, to notice when the place where they are is emptied, or restored
 * from an older copy. There is one for each span.
 */
export interface Witness extends RecordReference {
  /**
   * - `first`: the first record that was delivered of a month of homes; `span` is that month, `YYYY-MM`
   * - `last`: the last one that was delivered of a day of acceptance; `span` is that day, `YYYY-MM-DD`
   */
  readonly kind: 'first' | 'last'
  readonly span: string
  /** Null where an earlier version recorded it. */
  readonly position: Position | null
}

/** What changes when delivery to a sink goes on somewhere else. */
export interface SinkRestart {
  /**
   * Records after `from`, up to and including `to`, that the journal no longer keeps; `sinceMs`: accepted
   * then or later, if known.
   */
  readonly gap?: { readonly from: Position; readonly to: Position; readonly sinceMs: number | null } | null
}

/** How far a sink has got, with all that is recorded at once. */
export interface SinkAcknowledgement {
  readonly through: Position
  /** Goes to quarantine. */
  readonly refused?: readonly QuarantineItem[]
  /** Offsets that leave quarantine. */
  readonly released?: readonly number[]
  /** Spans whose witnesses are not valid any more; `witnesses` may name others for them. */
  readonly forgotten?: readonly string[]
  /** The first one of a month stays until it is forgotten. A later one of a day replaces the one before. */
  readonly witnesses?: readonly Witness[]
}

/** Records accepted in `[fromMs, toMs]` that a sink does not have. */
export interface MissingRecords {
  /** Null: of any org. */
  readonly org: string | null
  /** Null: since the beginning. */
  readonly fromMs: number | null
  readonly toMs: number
  /** `lost`: the journal no longer has them. `refused`: they are in quarantine, for this sink or for all. */
  readonly reason: 'lost' | 'refused'
}

/** What cannot be a record, or what a sink refused for good. */
export interface QuarantineItem {
  readonly org: string
  /** The sink that refused it; null: it was refused before it could become a record. */
  readonly sink: string | null
  /** For a person, without content of the record. */
  readonly reason: string
  /**
   * Bytes of a page are as the API sent them; the journal may look at them until the commit has ended, and no
   * longer.
   */
  readonly text: string | Uint8Array
  readonly atMs: WholeMs
  /** The record that a sink refused. One record is in quarantine once for each sink. */
  readonly record?: { readonly offset: number; readonly acceptedAtMs: WholeMs }
}

/** What was deleted. */
export interface Pruned {
  readonly records: number
  /** Sinks that lost records that they had not acknowledged, because `maxBytes` was reached. */
  readonly sinkGaps: readonly { readonly sink: string; readonly from: Position; readonly to: Position }[]
}

/** The journal could not write for want of room; it can again when there is some. */
export class JournalFullError extends Error {
  override readonly name = 'JournalFullError'
  readonly code = 'journal-full'
}
