import type { AcceptedRecord } from '@cdrstream/core'
import type { JournalRequest, RequestChange } from '../tables/request-table.ts'
import type { QuarantinedItem, QuarantineFilter, QuarantineRange } from './quarantine-query.ts'

/** What operators do with a journal, beside what the engine needs. */
export interface JournalOperations {
  /** Adds a request for the collector, also from another process. Returns its id. */
  addRequest(kind: string, given: unknown): Promise<number>
  request(id: number): Promise<JournalRequest | undefined>
  /** Returns the requests that are not finished, in order. */
  openRequests(): Promise<readonly JournalRequest[]>
  changeRequest(id: number, change: RequestChange): Promise<void>

  /** Pauses a sink, which need not be registered yet. The engine finds it in what `sink` returns. */
  pauseSink(name: string): Promise<void>
  resumeSink(name: string): Promise<void>
  /**
   * Forgets a sink: its position, its gaps and what it refused. Returns undefined if nothing is known of it.
   */
  forgetSink(name: string): Promise<ForgottenSink | undefined>

  quarantined(filter: QuarantineFilter, range: QuarantineRange): Promise<readonly QuarantinedItem[]>
  /** `throughId`: counts only items with this id or a smaller one. */
  countQuarantined(filter: QuarantineFilter, throughId?: number): Promise<number>
  /** Returns the id of the newest item in quarantine; 0 if there never was one. */
  newestQuarantined(): Promise<number>
  /** Returns what the API sent; undefined if the item has left quarantine. */
  quarantinedText(id: number): Promise<Uint8Array | undefined>
  /** Returns how many records in `[fromOffset, toOffset]` are in quarantine for a sink. */
  refusedWithin(sink: string, fromOffset: number, toOffset: number): Promise<number>
  /**
   * Takes items out of quarantine and appends their records to the log, in one transaction with the request.
   * Rejects and changes nothing if one of the items has left quarantine, or if a record for all sinks has
   * become known meanwhile.
   */
  requeue(requeued: Requeued, note: RequestNote): Promise<AppendedSpan>
  /** Changes why items are in quarantine, or takes out those whose record is known by now. */
  reviewQuarantined(review: QuarantineReview, note: RequestNote): Promise<void>
  /**
   * Deletes items from quarantine for good. What a sink does not get because of it becomes a gap of that
   * sink. An item that its sink has not passed yet stays, and so do items with an id beyond `throughId`.
   */
  dropQuarantined(filter: QuarantineFilter, throughId: number, note: RequestNote): Promise<void>
}

/** What was known of a sink. */
export interface ForgottenSink {
  /** The number of the last record that it had; null if it was never opened. */
  readonly position: number | null
  /** The records that it had refused. */
  readonly quarantined: number
}

/** Records that were in quarantine, all of one org. */
export interface Requeued {
  readonly org: string
  /** The sink that refused them and that gets them again; null for records that all sinks get. */
  readonly sink: string | null
  readonly items: readonly RequeuedItem[]
}

export interface RequeuedItem {
  readonly id: number
  /** When what the item says began to be missing in the sinks, in milliseconds. */
  readonly missingFromMs: number
  readonly record: AcceptedRecord
}

/** A request, and its progress after this step; recorded together with the step. */
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
