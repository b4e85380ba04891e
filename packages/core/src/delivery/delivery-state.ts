import type { Position, SinkTraits } from '@cdrstream/plugin'
import { type RefusalWatch, unwatched } from './refusal-watch.ts'

/** The record properties that delivery decisions depend on. */
export interface DeliverableRecord {
  readonly org: string
  readonly key: string
  readonly rank: number
  readonly position: Position
  /** The sink refused the record before, and an operator has requested redelivery. */
  readonly isRetried?: boolean | undefined
}

/** A record to be put in quarantine for a sink. */
export interface RefusedRecord<Stored extends DeliverableRecord> {
  readonly record: Stored
  /** A readable reason, without record content. */
  readonly reason: string
}

/** The traits that a sink declares, with defaults applied. */
export interface DeliveryTerms {
  readonly idempotence: SinkTraits['idempotence']
  readonly revisions: 'latest' | 'all'
  /** The maximum number of records, and of bytes of record text, in a batch. */
  readonly batchRecords: number
  readonly batchBytes: number
  /** How long a batch that is not full may wait for more records. */
  readonly waitMs: number
  /** How old a written record can get before a flush makes it durable. */
  readonly flushAfterMs: number
  readonly timeoutMs: number
  /**
   * Deliver what the journal has, then stop. Failures are retried, but a sink that needs a person stops the
   * delivery.
   */
  readonly once: boolean
}

/** Returns the traits of a sink with defaults applied. `once`: deliver what the journal has, then stop. */
export function deliveryTerms(traits: SinkTraits, once = false): DeliveryTerms {
  const { idempotence, revisions = 'all', batch = {}, flushAfterMs = 1_000, timeoutMs = 60_000 } = traits
  const { records: batchRecords = 5_000, bytes: batchBytes = 8_000_000, waitMs = 0 } = batch
  return { idempotence, revisions, batchRecords, batchBytes, waitMs, flushAfterMs, timeoutMs, once }
}

/**
 * The state of delivery to one sink. It obeys a conservation law: each record up to `through` is in the sink,
 * in the sink's quarantine, or in one of its recorded gaps. `through` advances only to a position that the
 * sink reported as durable, and over records in quarantine.
 */
export interface DeliveryState<Stored extends DeliverableRecord> {
  /** `stale`: this session must be closed before the next one is opened. */
  readonly session: 'closed' | 'open' | 'stale'
  /** No session has been opened since the collector started. */
  readonly isFresh: boolean
  /** Whether the session has `flush`. */
  readonly flushes: boolean
  /** The end of the last batch that this session accepted, or the position that it reported when opened. */
  readonly sinkAt: Position
  /** The ends of the batches that this session accepted and that are not known to be durable, in order. */
  readonly ends: readonly Position[]
  /** Everything up to here was accepted in this session or is in quarantine: the next batch starts here. */
  readonly readTo: Position
  /** Everything up to here is durable in the sink or in quarantine, and recorded in the journal. */
  readonly through: Position
  /** The run that is being written. */
  readonly run: DeliveryRun<Stored> | null
  /** The journal is not known to have anything after `readTo`. */
  readonly atEnd: boolean
  /** Offsets after `through` that are in quarantine for this sink, or that are not meant for it. */
  readonly refused: ReadonlySet<number>
  /** Offsets after `readTo` that this session accepted out of order. */
  readonly acceptedAhead: ReadonlySet<number>
  /** Changes that the journal has to record before anything else happens. */
  readonly unrecorded: Acknowledgement<Stored> | null
  /** When the oldest record that `through` does not cover was written. */
  readonly unflushedSinceMs: number | null
  /** Everything up to this offset had been written at the last flush. */
  readonly flushedTo: number
  /** When a partial batch started waiting for more records. */
  readonly partialSinceMs: number | null
  /** The maximum size of the next batch; after trouble, smaller than the sink declared. */
  readonly batchRecords: number
  /** A batch took too long, so the limit grows slowly. */
  readonly cautious: boolean
  readonly watch: RefusalWatch
  /**
   * The offset that delivery had reached when trouble last occurred. Records accepted up to this offset are
   * redeliveries and do not count as progress.
   */
  readonly troubleAt: number
  /** The number of consecutive exceptions at one journal offset, and that offset. */
  readonly exceptions: number
  readonly exceptionsAt: number
  /** How many times the record alone in its batch threw. */
  readonly thrownAlone: number
  /**
   * Records that threw alone in their batch. They are left out on trial, and are sent again unless another
   * record is written right after. With idempotence `position` they are put in quarantine meanwhile, because
   * the position passes them as soon as another record is written.
   */
  readonly suspects: readonly RefusedRecord<Stored>[]
  /** Offsets of suspects that were sent once more in this session after another record was written. */
  readonly accused: ReadonlySet<number>
  /** The number of consecutive failures of any kind. */
  readonly failures: number
  /** The number of consecutive pauses. */
  readonly pauses: number
  /** No records are sent to the sink before this time. */
  readonly waitUntilMs: number
  /** The journal failed and is not called before this time. */
  readonly journalNotBeforeMs: number
  /** The current trouble; null while everything works. */
  readonly trouble: DeliveryTrouble | null
  readonly markFailures: number
  readonly markNotBeforeMs: number
  /** Whether an operator has paused the sink. */
  readonly isPaused: boolean
  /** The start of a replay that an operator requested and that the journal has not recorded yet. */
  readonly replayAfter: Position | null
  readonly ended: DeliveryEnd | null
}

/** A run of records from the journal that is being written to the sink. */
export interface DeliveryRun<Stored extends DeliverableRecord> {
  readonly records: readonly Stored[]
  readonly to: Position
  /** The records that still have to be sent. */
  readonly pending: readonly Stored[]
  /** The position that the sink reported as durable while this run was written. */
  readonly through: Position
}

/** The changes that the journal records in one transaction. */
export interface Acknowledgement<Stored extends DeliverableRecord> {
  readonly through: Position
  readonly refused: readonly RefusedRecord<Stored>[]
  /** Offsets to remove from quarantine. */
  readonly released: readonly number[]
}

/** A problem with a sink. */
export interface DeliveryTrouble {
  /** A stable code for programs. */
  readonly code: string
  /** What a person has to do; missing if nothing needs to be done. */
  readonly remedy?: string
  /** The trouble comes from `open` and ends when the sink is open. */
  readonly atOpen?: true
}

/** How delivery ended. `failed` occurs only with `once`, if a person has to do something. */
export type DeliveryEnd = 'done' | 'behind' | 'failed'

const nowhere: Position = { incarnation: '', offset: 0, commit: '' }

/** Returns the state before the sink is opened for the first time. */
export function deliveryState<Stored extends DeliverableRecord>(terms: DeliveryTerms): DeliveryState<Stored> {
  return {
    session: 'closed',
    isFresh: true,
    flushes: false,
    sinkAt: nowhere,
    ends: [],
    readTo: nowhere,
    through: nowhere,
    run: null,
    atEnd: false,
    refused: new Set(),
    acceptedAhead: new Set(),
    unrecorded: null,
    unflushedSinceMs: null,
    flushedTo: 0,
    partialSinceMs: null,
    batchRecords: terms.batchRecords,
    cautious: false,
    watch: unwatched,
    troubleAt: 0,
    exceptions: 0,
    exceptionsAt: 0,
    thrownAlone: 0,
    suspects: [],
    accused: new Set(),
    failures: 0,
    pauses: 0,
    waitUntilMs: 0,
    journalNotBeforeMs: 0,
    trouble: null,
    markFailures: 0,
    markNotBeforeMs: 0,
    isPaused: false,
    replayAfter: null,
    ended: null,
  }
}
