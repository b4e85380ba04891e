import type { Failed, FlushOutcome, Position, Retry, WriteOutcome } from '@cdrstream/plugin'
import type { Moment } from '../moment.ts'
import { type RetryPace, retryWaitMs } from '../retry-wait.ts'
import { applyControl, type ControlEvent } from './apply-control.ts'
import { applyWritten } from './apply-written.ts'
import type { DeliverableRecord, DeliveryState, DeliveryTerms } from './delivery-state.ts'
import { endTrouble, fail, pause, type Thrown } from './delivery-trouble.ts'
import { pendingRecords } from './pending-records.ts'
import { acknowledge, advance, assertOfThisJournal, completeRun, releaseSuspects } from './record-progress.ts'

/** An event in delivery to a sink. */
export type DeliveryEvent<Stored extends DeliverableRecord> =
  /**
   * `at`: where delivery resumes. `stored`: the position that the sink reports, if it belongs to this
   * journal; it is before `at` if the journal no longer keeps the records between. `refused`: offsets after
   * `at` that are in quarantine for this sink. `isRefilled`: the sink lost its data up to some later
   * position. `provenTo`: in a replay, the offset that the sink itself reports; default: `at`.
   */
  | {
      readonly kind: 'opened'
      readonly at: Position
      readonly stored?: Position | undefined
      readonly refused: readonly number[]
      readonly flushes: boolean
      readonly isRefilled?: boolean
      readonly provenTo?: number | undefined
    }
  | { readonly kind: 'open-failed'; readonly outcome: Retry | Failed | Thrown }
  | { readonly kind: 'closed' }
  /** `leftOut`: offsets of records that are not meant for this sink. */
  | {
      readonly kind: 'read'
      readonly records: readonly Stored[]
      readonly to: Position
      readonly leftOut?: readonly number[]
    }
  /** `timedOut`: the engine aborted the call because it took too long. */
  | {
      readonly kind: 'written'
      readonly outcome: WriteOutcome | Thrown
      readonly timedOut: boolean
    }
  | { readonly kind: 'flushed'; readonly outcome: FlushOutcome | Thrown }
  | { readonly kind: 'acknowledged' }
  | { readonly kind: 'journal-failed' }
  | { readonly kind: 'marked'; readonly failed: boolean }
  /** A wait with `wakes` ended. */
  | { readonly kind: 'woke' }
  | ControlEvent

const journalRetryMs = 5_000
const markPace: RetryPace = { firstMs: 60_000, longestMs: 3_600_000 }

/**
 * Returns the state after the event. `chance`, from 0 to 1, spreads retries. Throws a `RangeError` if the
 * sink names a record or a position that it did not receive.
 */
export function applyDelivery<Stored extends DeliverableRecord>(
  state: DeliveryState<Stored>,
  event: DeliveryEvent<Stored>,
  terms: DeliveryTerms,
  nowMs: number,
  chance = 1,
): DeliveryState<Stored> {
  const at = { nowMs, chance }
  switch (event.kind) {
    case 'opened':
      return applyOpened(state, event, terms)
    case 'open-failed':
      return applyOpenFailed(state, event.outcome, terms, at)
    case 'closed':
      return {
        ...state,
        session: 'closed',
        run: null,
        acceptedAhead: new Set(),
        accused: new Set(),
        unflushedSinceMs: null,
        partialSinceMs: null,
      }
    case 'read':
      return applyRead(state, event, terms, at)
    case 'written':
      return applyWritten(state, event, terms, at)
    case 'flushed':
      return applyFlushed(state, event.outcome, terms, at)
    case 'acknowledged':
      return { ...state, unrecorded: null, journalNotBeforeMs: 0 }
    case 'journal-failed':
      return { ...state, journalNotBeforeMs: nowMs + journalRetryMs, failures: state.failures + 1 }
    case 'marked':
      return applyMarked(state, event.failed, at)
    case 'woke':
      return { ...state, atEnd: false, run: null }
    default:
      return applyControl(state, event, terms)
  }
}

function applyOpened<Stored extends DeliverableRecord>(
  state: DeliveryState<Stored>,
  {
    at,
    stored = at,
    refused,
    flushes,
    isRefilled = false,
    provenTo = at.offset,
  }: DeliveryEvent<Stored> & { readonly kind: 'opened' },
  { idempotence }: DeliveryTerms,
): DeliveryState<Stored> {
  // A collector that was stopped during a search leaves suspects in quarantine. If the stored position is
  // before them, no record after them was written. Records that the sink itself refused will be refused
  // again.
  const mayBeUnproven = state.isFresh && idempotence === 'position' && !isRefilled
  const proven = mayBeUnproven ? refused.filter((offset) => offset <= provenTo) : refused
  const unproven = mayBeUnproven ? refused.filter((offset) => offset > provenTo) : []
  // A sink whose position is past a suspect wrote a later record and only the response was lost: it would not
  // accept the suspect again.
  const suspects = state.suspects.filter(({ record }) => record.position.offset > at.offset)
  const suspected = suspects.map(({ record }) => record.position.offset)
  const opened: DeliveryState<Stored> = {
    ...state,
    session: 'open',
    isFresh: false,
    flushes,
    sinkAt: stored,
    ends: [],
    readTo: at,
    through: at,
    refused: new Set([...proven, ...suspected]),
    suspects,
    atEnd: false,
  }
  const released = acknowledge(opened, { released: unproven })
  if (state.trouble?.atOpen) return { ...released, failures: 0, pauses: 0, trouble: null }
  // Only the response was lost: the sink has stored the batch.
  const hasAdvanced = !state.isFresh && idempotence === 'position' && stored.offset > state.troubleAt
  return state.trouble !== null && hasAdvanced ? endTrouble(released) : released
}

function applyOpenFailed<Stored extends DeliverableRecord>(
  state: DeliveryState<Stored>,
  outcome: Retry | Failed | Thrown,
  terms: DeliveryTerms,
  at: Moment,
): DeliveryState<Stored> {
  const failed =
    outcome.kind === 'failed' ? pause(state, outcome, terms, at) : fail(state, outcome, terms, at)
  return { ...failed, trouble: failed.trouble && { ...failed.trouble, atOpen: true } }
}

function applyRead<Stored extends DeliverableRecord>(
  before: DeliveryState<Stored>,
  { records, to, leftOut = [] }: DeliveryEvent<Stored> & { readonly kind: 'read' },
  terms: DeliveryTerms,
  at: Moment,
): DeliveryState<Stored> {
  const state =
    leftOut.length === 0 ? before : { ...before, refused: new Set([...before.refused, ...leftOut]) }
  if (records.length === 0) {
    if (state.suspects.length === 0) return { ...state, atEnd: true }
    // If no other records exist, nothing can show that the sink works without the suspects.
    return fail(releaseSuspects(state), { kind: 'retry' }, terms, at)
  }
  const pending = pendingRecords(records, state, terms)
  // Without a flush, accepted records are durable.
  const run = { records, to, pending, through: state.flushes ? state.through : to }
  const reading = { ...state, run, partialSinceMs: state.partialSinceMs ?? at.nowMs }
  return pending.length === 0 ? completeRun(reading, run, at.nowMs) : reading
}

function applyFlushed<Stored extends DeliverableRecord>(
  state: DeliveryState<Stored>,
  outcome: FlushOutcome | Thrown,
  terms: DeliveryTerms,
  at: Moment,
): DeliveryState<Stored> {
  if (outcome.kind === 'failed') return pause(state, outcome, terms, at)
  if (outcome.kind !== 'accepted') return fail(state, outcome, terms, at)
  if (outcome.through !== undefined) assertOfThisJournal(outcome.through, state.sinkAt)
  const flushed = acknowledge(state, advance(state, outcome.through ?? state.sinkAt))
  const { through, readTo } = flushed
  return {
    ...flushed,
    flushedTo: readTo.offset,
    unflushedSinceMs: through.offset < readTo.offset ? at.nowMs : null,
    failures: 0,
    pauses: 0,
    trouble: null,
  }
}

function applyMarked<Stored extends DeliverableRecord>(
  state: DeliveryState<Stored>,
  failed: boolean,
  at: Moment,
): DeliveryState<Stored> {
  if (!failed) return { ...state, markFailures: 0, markNotBeforeMs: 0 }
  const waitMs = retryWaitMs(markPace, state.markFailures, at.chance)
  return { ...state, markFailures: state.markFailures + 1, markNotBeforeMs: at.nowMs + waitMs }
}
