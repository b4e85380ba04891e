import type { AcceptedRecord } from '@cdrstream/core'
import type { JournalRequest, RequestChange } from '../tables/request-table.ts'
import type { QuarantinedItem, QuarantineFilter, QuarantineRange } from './quarantine-query.ts'

/** Operations on a journal that commands need in addition to the engine's. */
export interface JournalOperations {
  /** Adds a request for the collector, which can be a different process. Returns the request's id. */
  addRequest(kind: string, given: unknown): Promise<number>
  request(id: number): Promise<JournalRequest | undefined>
  /** Returns the unfinished requests, in order. */
  openRequests(): Promise<readonly JournalRequest[]>
  changeRequest(id: number, change: RequestChange): Promise<void>

  /** Pauses a sink, whether or not it is registered. The engine reads the pause from the result of `sink`. */
  pauseSink(name: string): Promise<void>
  resumeSink(name: string): Promise<void>
  /**
   * Deletes a sink's position, gaps and refused records. Returns undefined if the journal has none of these.
   */
  forgetSink(name: string): Promise<ForgottenSink | undefined>

  quarantined(filter: QuarantineFilter, range: QuarantineRange): Promise<readonly QuarantinedItem[]>
  /** `throughId`: counts only items with this id or a smaller one. */
  countQuarantined(filter: QuarantineFilter, throughId?: number): Promise<number>
  /** Returns the id of the newest item in quarantine; 0 if there has never been one. */
  newestQuarantined(): Promise<number>
  /** Returns the text that the API sent; undefined if the item is no longer in quarantine. */
  quarantinedText(id: number): Promise<Uint8Array | undefined>
  /** Returns how many records in `[fromOffset, toOffset]` are in quarantine for a sink. */
  refusedWithin(sink: string, fromOffset: number, toOffset: number): Promise<number>
  /**
   * Takes items out of quarantine and appends their records to the log, in one transaction with the request.
   * Rejects and changes nothing if one of the items is no longer in quarantine, or if a record for all sinks
   * is already known.
   */
  requeue(requeued: Requeued, note: RequestNote): Promise<AppendedSpan>
  /** Updates items' reasons, and removes items whose record is already known. */
  reviewQuarantined(review: QuarantineReview, note: RequestNote): Promise<void>
  /**
   * Permanently deletes items from quarantine, and records them as gaps of the sinks that miss them. Keeps
   * items that their sink has not passed yet, and items with an id above `throughId`.
   */
  dropQuarantined(filter: QuarantineFilter, throughId: number, note: RequestNote): Promise<void>
}

/** What the journal stored about a sink before it was forgotten. */
export interface ForgottenSink {
  /** The number of the last record that the sink acknowledged; null if the sink was never opened. */
  readonly position: number | null
  /** How many records the sink had refused. */
  readonly quarantined: number
}

/** Records that were in quarantine, all of one org. */
export interface Requeued {
  readonly org: string
  /** The sink that refused the records and receives them again; null for records that go to all sinks. */
  readonly sink: string | null
  readonly items: readonly RequeuedItem[]
}

export interface RequeuedItem {
  readonly id: number
  /** Since when the sinks have missed the item's content, in milliseconds. */
  readonly missingFromMs: number
  readonly record: AcceptedRecord
}

/** A request and its progress after a step, recorded in the same transaction as the step. */
export interface RequestNote {
  readonly id: number
  progress(step: AppendedSpan | number | undefined): unknown
}

/** The offsets of appended records: `[fromOffset, toOffset]`. */
export interface AppendedSpan {
  readonly fromOffset: number
  readonly toOffset: number
}

export interface QuarantineReview {
  readonly reasons: readonly { readonly id: number; readonly reason: string }[]
  readonly known: readonly number[]
}
