import type { Position, SinkTraits } from '@cdrstream/plugin'
import { type RefusalWatch, unwatched } from './refusal-watch.ts'

/** What the decisions about delivery need to know of a record. */
export interface DeliverableRecord {
  readonly org: string
  readonly key: string
  readonly rank: number
  readonly position: Position
}

/** A record that goes to quarantine for a sink. */
export interface RefusedRecord<Item extends DeliverableRecord> {
  readonly record: Item
  /** For a person, without content of the record. */
  readonly reason: string
}

/** What a sink declares, with the defaults filled in. */
export interface DeliveryTerms {
  readonly idempotence: SinkTraits['idempotence']
  readonly revisions: 'latest' | 'all'
  /** The most records, and bytes of record text, in a batch. */
  readonly batchRecords: number
  readonly batchBytes: number
  /** How long a batch that is not full may wait for more records. */
  readonly waitMs: number
  /** How old a written record may get before a flush makes it durable. */
  readonly flushAfterMs: number
  readonly timeoutMs: number
  /** Deliver what there is, then end: failures are waited out, and a sink that needs a person ends it. */
  readonly once: boolean
}

/** Returns the traits of a sink with the defaults filled in. `once`: deliver what there is, then end. */
export function deliveryTerms(traits: SinkTraits, once = false): DeliveryTerms {
  const { idempotence, revisions = 'all', batch = {}, flushAfterMs = 1_000, timeoutMs = 60_000 } = traits
  const { records: batchRecords = 5_000, bytes: batchBytes = 8_000_000, waitMs = 0 } = batch
  return { idempotence, revisions, batchRecords, batchBytes, waitMs, flushAfterMs, timeoutMs, once }
}

/**
 * How far the delivery to one sink is. It obeys a law of conservation: each record up to `through` is in the
 * sink, in quarantine for that sink, or in a recorded gap of that sink. `through` moves in no other way than
 * by what the sink called durable, and over records that are in quarantine.
 */
export interface DeliveryState<Item extends DeliverableRecord> {
  /** `stale`: this session must be closed before the next one is opened. */
  readonly session: 'closed' | 'open' | 'stale'
  /** No session was opened since the collector started. */
  readonly isFresh: boolean
  /** Whether the session has `flush`. */
  readonly flushes: boolean
  /** The end of the last batch that this session accepted, or the position that it said it has. */
  readonly sinkAt: Position
  /** Where the batches ended that this session accepted and that are not known to be durable, in order. */
  readonly ends: readonly Position[]
  /**
   * Everything up to here was accepted in this session or is in quarantine: the next batch is read from here.
   */
  readonly readTo: Position
  /** Durable in the sink or in quarantine, and recorded in the journal. */
  readonly through: Position
  /** What is being written. */
  readonly run: DeliveryRun<Item> | null
  /** The journal has nothing after `readTo`, as far as is known. */
  readonly atEnd: boolean
  /** Offsets after `through` that are in quarantine for this sink. */
  readonly refused: ReadonlySet<number>
  /** Offsets after `readTo` that this session accepted out of order. */
  readonly acceptedAhead: ReadonlySet<number>
  /** What has to be recorded in the journal before anything else happens. */
  readonly unrecorded: Acknowledgement<Item> | null
  /** When the oldest record was written that `through` does not cover. */
  readonly unflushedSinceMs: number | null
  /** The last flush came when everything up to this offset had been written. */
  readonly flushedTo: number
  /** Since when a batch that is not full has been waiting for more. */
  readonly partialSinceMs: number | null
  /** The limit of the next batch; less than the terms allow after trouble. */
  readonly batchRecords: number
  /** A batch took too long: the limit grows slowly. */
  readonly cautious: boolean
  readonly watch: RefusalWatch
  /**
   * Where delivery was at the last trouble: until it gets further, what is accepted is not progress but a
   * repetition.
   */
  readonly troubleAt: number
  /** Exceptions in a row at one place of the journal, and that place. */
  readonly exceptions: number
  readonly exceptionsAt: number
  /** How often the record that is alone in its batch has thrown. */
  readonly thrownAlone: number
  /**
   * Records that threw alone. They are left out on trial, and come back unless another record gets through
   * right after. With idempotence `position` they are in quarantine meanwhile, because the position passes
   * them as soon as another record gets through.
   */
  readonly suspects: readonly RefusedRecord<Item>[]
  /** Offsets of suspects that come once more in this session, after another record got through. */
  readonly accused: ReadonlySet<number>
  /** Failures of any kind in a row. */
  readonly failures: number
  /** Pauses in a row. */
  readonly pauses: number
  /** Nothing is sent to the sink before this time. */
  readonly waitUntilMs: number
  /** The journal failed: it is not called before this time. */
  readonly journalNotBeforeMs: number
  /** What is wrong now; null while everything works. */
  readonly trouble: DeliveryTrouble | null
  readonly markFailures: number
  readonly markNotBeforeMs: number
  readonly ended: DeliveryEnd | null
}

/** A run of the journal on its way into the sink. */
export interface DeliveryRun<Item extends DeliverableRecord> {
  readonly records: readonly Item[]
  readonly to: Position
  /** What is still to be sent. */
  readonly pending: readonly Item[]
  /** What the sink has called durable while this run was written. */
  readonly through: Position
}

/** What the journal records in one transaction. */
export interface Acknowledgement<Item extends DeliverableRecord> {
  readonly through: Position
  readonly refused: readonly RefusedRecord<Item>[]
  /** Offsets to take out of quarantine again. */
  readonly released: readonly number[]
}

/** What is wrong with a sink. */
export interface DeliveryTrouble {
  /** Stable, for machines. */
  readonly code: string
  /** Present if a person has to do something: what. */
  readonly remedy?: string
  /** It arose from `open`, and is over when the sink is open. */
  readonly atOpen?: true
}

/** How delivery ended: `failed` only with `once`, when a person has to do something. */
export type DeliveryEnd = 'done' | 'behind' | 'failed'

const nowhere: Position = { incarnation: '', offset: 0, commit: '' }

/** The state before the sink is opened for the first time. */
export function deliveryState<Item extends DeliverableRecord>(terms: DeliveryTerms): DeliveryState<Item> {
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
    ended: null,
  }
}
