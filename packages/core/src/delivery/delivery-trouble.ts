import type { Failed, Rejected, Retry } from '@cdrstream/plugin'
import type { Moment } from '../moment.ts'
import { type RetryPace, retryWaitMs } from '../retry-wait.ts'
import type { DeliverableRecord, DeliveryState, DeliveryTerms } from './delivery-state.ts'

/** The sink threw, or did not settle in time. */
export interface Thrown {
  readonly kind: 'thrown'
  /** For a person, without content of records. */
  readonly reason: string
}

/** Between two calls of a sink that fails. */
export const sinkPace: RetryPace = { firstMs: 1_000, longestMs: 60_000 }
/** Between two openings of a sink that needs a person. */
const pausePace: RetryPace = { firstMs: 10_000, longestMs: 300_000 }
/** A sink may ask for a longer wait, but not for one that never ends. */
const longestAskedMs = 3_600_000

/** A sink that asks for no wait at all would be called in a busy loop. */
function waitMs(askedMs: number | undefined, failures: number, chance: number): number {
  if (askedMs === undefined || !(askedMs >= 0)) return retryWaitMs(sinkPace, failures, chance)
  return Math.min(Math.max(askedMs, sinkPace.firstMs), longestAskedMs)
}

/**
 * Nothing is known to be wrong with the records: the same is tried again after a wait that doubles with each
 * failure.
 */
export function fail<Item extends DeliverableRecord>(
  state: DeliveryState<Item>,
  outcome: Retry | Rejected | Thrown,
  terms: DeliveryTerms,
  { nowMs, chance }: Moment,
): DeliveryState<Item> {
  const askedMs = outcome.kind === 'retry' ? outcome.afterMs : undefined
  return {
    ...endSession(state, outcome, terms),
    run: null,
    troubleAt: Math.max(state.troubleAt, state.readTo.offset),
    failures: state.failures + 1,
    waitUntilMs: nowMs + waitMs(askedMs, state.failures, chance),
    trouble: { code: outcome.kind === 'rejected' ? 'rejecting' : 'retrying' },
  }
}

/**
 * A person has to do something. The sink is opened again after a pause that doubles each time, up to five
 * minutes.
 */
export function pause<Item extends DeliverableRecord>(
  state: DeliveryState<Item>,
  { code, remedy }: Failed,
  terms: DeliveryTerms,
  { nowMs, chance }: Moment,
): DeliveryState<Item> {
  return {
    ...state,
    session: state.session === 'closed' ? 'closed' : 'stale',
    run: null,
    troubleAt: Math.max(state.troubleAt, state.readTo.offset),
    pauses: state.pauses + 1,
    waitUntilMs: nowMs + retryWaitMs(pausePace, state.pauses, chance),
    trouble: { code, remedy },
    ended: terms.once ? 'failed' : state.ended,
  }
}

/**
 * After an exception nobody knows what the session still has. A sink that stores its position says so when it
 * is opened. An outage that lasts may hide that the place was restored from an older copy, and only a sink
 * that is opened is asked what it still has.
 */
export function endSession<Item extends DeliverableRecord>(
  state: DeliveryState<Item>,
  outcome: Retry | Rejected | Thrown,
  { idempotence }: DeliveryTerms,
): DeliveryState<Item> {
  if (state.session !== 'open') return state
  const isOver =
    outcome.kind === 'thrown' ||
    idempotence === 'position' ||
    state.failures > 0 ||
    (outcome.kind === 'retry' && outcome.reopen === true)
  return isOver ? { ...state, session: 'stale' } : state
}

/** Delivery got further than where it was at the last trouble. */
export function endTrouble<Item extends DeliverableRecord>(state: DeliveryState<Item>): DeliveryState<Item> {
  return { ...state, failures: 0, pauses: 0, waitUntilMs: 0, troubleAt: 0, trouble: null }
}
