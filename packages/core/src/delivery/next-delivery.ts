import type { Position } from '@cdrstream/plugin'
import type {
  Acknowledgement,
  DeliverableRecord,
  DeliveryEnd,
  DeliveryState,
  DeliveryTerms,
} from './delivery-state.ts'

/** The next step in delivery to a sink. */
export type DeliveryStep<Stored extends DeliverableRecord> =
  | { readonly kind: 'acknowledge'; readonly acknowledgement: Acknowledgement<Stored> }
  | { readonly kind: 'open' }
  | { readonly kind: 'close' }
  | {
      readonly kind: 'read'
      readonly after: Position
      readonly records: number
      readonly bytes: number
    }
  | {
      readonly kind: 'write'
      readonly records: readonly Stored[]
      readonly from: Position
      readonly to: Position
    }
  | { readonly kind: 'flush' }
  | { readonly kind: 'mark' }
  /** Record that everything after this position is delivered again. */
  | { readonly kind: 'rewind'; readonly after: Position }
  /** `wakes`: the wait also ends when the journal has new records. */
  | { readonly kind: 'wait'; readonly untilMs: number; readonly wakes: boolean }
  /** Close the session, if one is open, and stop. */
  | { readonly kind: 'end'; readonly end: DeliveryEnd }

/** The facts that a decision depends on, in addition to the state. */
export interface DeliverySituation {
  readonly nowMs: number
  /** Nothing more will be committed: deliver what the journal has, then stop. */
  readonly draining: boolean
  /** With `draining`: only this sink ends. It gets what has already been read for it, and nothing more. */
  readonly leaving?: boolean
  /** Marks exist that this sink has not published yet. */
  readonly hasMarks: boolean
}

/** The longest wait at the end of the journal before it is read again. */
const longestIdleMs = 60_000

/**
 * Returns the next step. Pure: the caller performs the step and reports the result as an event to
 * `applyDelivery`.
 */
export function nextDelivery<Stored extends DeliverableRecord>(
  state: DeliveryState<Stored>,
  terms: DeliveryTerms,
  situation: DeliverySituation,
): DeliveryStep<Stored> {
  const { nowMs, draining, leaving = false } = situation
  if (state.session === 'stale') return { kind: 'close' }
  if (state.unrecorded !== null && state.journalNotBeforeMs <= nowMs) {
    return { kind: 'acknowledge', acknowledgement: state.unrecorded }
  }
  if (state.replayAfter !== null && state.journalNotBeforeMs <= nowMs) {
    return { kind: 'rewind', after: state.replayAfter }
  }
  if (state.ended !== null) return { kind: 'end', end: state.ended }
  if (state.isPaused) return nextWhilePaused(state, terms, situation)
  const isSearching = state.exceptions > 0 && state.trouble !== null
  const hasMoreToSend = state.run !== null || state.session === 'closed'
  // The search for a record that makes the sink throw resumes at the next start.
  if (draining && !terms.once && isSearching && hasMoreToSend) return { kind: 'end', end: 'behind' }
  const waitUntilMs = Math.max(state.waitUntilMs, state.journalNotBeforeMs)
  if (waitUntilMs > nowMs) {
    // With `once`, no later attempt follows: the caller decides how long the search can take.
    const givesUp = draining && !terms.once
    return givesUp ? { kind: 'end', end: 'behind' } : { kind: 'wait', untilMs: waitUntilMs, wakes: false }
  }
  if (state.session === 'closed') return leaving ? { kind: 'end', end: 'behind' } : { kind: 'open' }
  if (flushDueAtMs(state, terms) <= nowMs || shouldSecure(state, terms)) return { kind: 'flush' }
  if (state.run !== null) return nextWrite(state.run, state, terms, situation)
  if (!state.atEnd && !leaving) {
    return {
      kind: 'read',
      after: state.readTo,
      records: state.batchRecords,
      bytes: terms.batchBytes,
    }
  }
  // Marks are only valid for a sink that has read everything; the next session publishes them.
  return nextAtEnd(state, terms, leaving ? { ...situation, hasMarks: false } : situation)
}

/** With `once`, delivery to a paused sink ends with `behind`; otherwise the run would never end. */
function nextWhilePaused<Stored extends DeliverableRecord>(
  { journalNotBeforeMs }: DeliveryState<Stored>,
  { once }: DeliveryTerms,
  { nowMs, draining }: DeliverySituation,
): DeliveryStep<Stored> {
  if (draining || once) return { kind: 'end', end: 'behind' }
  const untilMs = journalNotBeforeMs > nowMs ? journalNotBeforeMs : nowMs + longestIdleMs
  return { kind: 'wait', untilMs, wakes: false }
}

function nextWrite<Stored extends DeliverableRecord>(
  { records, pending, to }: NonNullable<DeliveryState<Stored>['run']>,
  state: DeliveryState<Stored>,
  terms: DeliveryTerms,
  { nowMs, draining }: DeliverySituation,
): DeliveryStep<Stored> {
  const fullAtMs = (state.partialSinceMs ?? 0) + terms.waitMs
  if (records.length < state.batchRecords && fullAtMs > nowMs && !draining) {
    return { kind: 'wait', untilMs: fullAtMs, wakes: true }
  }
  return { kind: 'write', records: pending, from: state.sinkAt, to }
}

function nextAtEnd<Stored extends DeliverableRecord>(
  state: DeliveryState<Stored>,
  terms: DeliveryTerms,
  { nowMs, draining, hasMarks }: DeliverySituation,
): DeliveryStep<Stored> {
  const isFlushed = !state.flushes || isDurable(state) || state.flushedTo >= state.readTo.offset
  if (draining && !isFlushed) return { kind: 'flush' }
  const marksAtMs = hasMarks && isDurable(state) ? state.markNotBeforeMs : Number.POSITIVE_INFINITY
  if (marksAtMs <= nowMs) return { kind: 'mark' }
  if (draining) return { kind: 'end', end: isDurable(state) ? 'done' : 'behind' }
  const untilMs = Math.min(flushDueAtMs(state, terms), marksAtMs, nowMs + longestIdleMs)
  return { kind: 'wait', untilMs, wakes: true }
}

function isDurable<Stored extends DeliverableRecord>({ through, readTo }: DeliveryState<Stored>): boolean {
  return through.offset >= readTo.offset
}

/**
 * Returns whether to flush before continuing. During the search for a record that makes the sink throw, each
 * attempt ends the session, and the next one would resume from the last flush.
 */
function shouldSecure<Stored extends DeliverableRecord>(
  { flushes, unflushedSinceMs, batchRecords, exceptions, flushedTo, readTo }: DeliveryState<Stored>,
  terms: DeliveryTerms,
): boolean {
  const isSearching = exceptions > 0 && batchRecords < terms.batchRecords
  return flushes && isSearching && unflushedSinceMs !== null && flushedTo < readTo.offset
}

function flushDueAtMs<Stored extends DeliverableRecord>(
  { flushes, unflushedSinceMs }: DeliveryState<Stored>,
  { flushAfterMs }: DeliveryTerms,
): number {
  return flushes && unflushedSinceMs !== null ? unflushedSinceMs + flushAfterMs : Number.POSITIVE_INFINITY
}
