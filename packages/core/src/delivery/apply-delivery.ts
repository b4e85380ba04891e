import type { Failed, FlushOutcome, Position, Retry, WriteOutcome } from '@cdrstream/plugin'
import type { Moment } from '../moment.ts'
import { type RetryPace, retryWaitMs } from '../retry-wait.ts'
import { applyWritten } from './apply-written.ts'
import type { DeliverableRecord, DeliveryState, DeliveryTerms } from './delivery-state.ts'
import { endTrouble, fail, pause, type Thrown } from './delivery-trouble.ts'
import { pendingRecords } from './pending-records.ts'
import { acknowledge, advance, assertOfThisJournal, completeRun, releaseSuspects } from './record-progress.ts'

/** What happened to a sink. */
export type DeliveryEvent<Item extends DeliverableRecord> =
  /**
   * `at`: where delivery goes on. `stored`: the position that the sink says it has, if it is of this journal;
   * before `at` if the journal no longer has what is between. `refused`: offsets after `at` that are in
   * quarantine for this sink. `isRefilled`: it lost what it had up to some later position.
   */
  | {
      readonly kind: 'opened'
      readonly at: Position
      readonly stored?: Position | undefined
      readonly refused: readonly number[]
      readonly flushes: boolean
      readonly isRefilled?: boolean
    }
  | { readonly kind: 'open-failed'; readonly outcome: Retry | Failed | Thrown }
  | { readonly kind: 'closed' }
  | { readonly kind: 'read'; readonly records: readonly Item[]; readonly to: Position }
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
  /** A wait with `wakes` is over. */
  | { readonly kind: 'woke' }

const journalRetryMs = 5_000
const markPace: RetryPace = { firstMs: 60_000, longestMs: 3_600_000 }

/**
 * Returns the state after the event. `chance`, from 0 to 1, spreads retries. Throws a `RangeError` if the
 * sink names a record or a position that it was not given.
 */
export function applyDelivery<Item extends DeliverableRecord>(
  state: DeliveryState<Item>,
  event: DeliveryEvent<Item>,
  terms: DeliveryTerms,
  nowMs: number,
  chance = 1,
): DeliveryState<Item> {
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
  }
}

function applyOpened<Item extends DeliverableRecord>(
  state: DeliveryState<Item>,
  {
    at,
    stored = at,
    refused,
    flushes,
    isRefilled = false,
  }: DeliveryEvent<Item> & { readonly kind: 'opened' },
  { idempotence }: DeliveryTerms,
): DeliveryState<Item> {
  // A collector that was stopped in the middle of a search left suspects in quarantine. If the stored
  // position is before them, no record after them got through. What the sink itself refused, it refuses
  // again.
  const unproven = state.isFresh && idempotence === 'position' && !isRefilled ? refused : []
  // A sink that has gone past a suspect wrote another record after it, and only the answer was lost: it would
  // not take the suspect again.
  const suspects = state.suspects.filter(({ record }) => record.position.offset > at.offset)
  const suspected = suspects.map(({ record }) => record.position.offset)
  const opened: DeliveryState<Item> = {
    ...state,
    session: 'open',
    isFresh: false,
    flushes,
    sinkAt: stored,
    ends: [],
    readTo: at,
    through: at,
    refused: new Set(unproven.length > 0 ? [] : [...refused, ...suspected]),
    suspects,
    atEnd: false,
  }
  const released = acknowledge(opened, { released: unproven })
  if (state.trouble?.atOpen) return { ...released, failures: 0, pauses: 0, trouble: null }
  // Only the answer was lost: the sink has stored the batch.
  const gotFurther = !state.isFresh && idempotence === 'position' && stored.offset > state.troubleAt
  return state.trouble !== null && gotFurther ? endTrouble(released) : released
}

function applyOpenFailed<Item extends DeliverableRecord>(
  state: DeliveryState<Item>,
  outcome: Retry | Failed | Thrown,
  terms: DeliveryTerms,
  at: Moment,
): DeliveryState<Item> {
  const failed =
    outcome.kind === 'failed' ? pause(state, outcome, terms, at) : fail(state, outcome, terms, at)
  return { ...failed, trouble: failed.trouble && { ...failed.trouble, atOpen: true } }
}

function applyRead<Item extends DeliverableRecord>(
  state: DeliveryState<Item>,
  { records, to }: { readonly records: readonly Item[]; readonly to: Position },
  terms: DeliveryTerms,
  at: Moment,
): DeliveryState<Item> {
  if (records.length === 0) {
    if (state.suspects.length === 0) return { ...state, atEnd: true }
    // Nothing can show that the sink works without the suspects.
    return fail(releaseSuspects(state), { kind: 'retry' }, terms, at)
  }
  const pending = pendingRecords(records, state, terms)
  // Without a flush, what was accepted is durable.
  const run = { records, to, pending, through: state.flushes ? state.through : to }
  const reading = { ...state, run, partialSinceMs: state.partialSinceMs ?? at.nowMs }
  return pending.length === 0 ? completeRun(reading, run, at.nowMs) : reading
}

function applyFlushed<Item extends DeliverableRecord>(
  state: DeliveryState<Item>,
  outcome: FlushOutcome | Thrown,
  terms: DeliveryTerms,
  at: Moment,
): DeliveryState<Item> {
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

function applyMarked<Item extends DeliverableRecord>(
  state: DeliveryState<Item>,
  failed: boolean,
  at: Moment,
): DeliveryState<Item> {
  if (!failed) return { ...state, markFailures: 0, markNotBeforeMs: 0 }
  const waitMs = retryWaitMs(markPace, state.markFailures, at.chance)
  return { ...state, markFailures: state.markFailures + 1, markNotBeforeMs: at.nowMs + waitMs }
}
