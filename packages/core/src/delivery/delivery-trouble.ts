import type { Failed, Rejected, Retry } from '@cdrstream/plugin'
import type { Moment } from '../moment.ts'
import { type RetryPace, retryWaitMs } from '../retry-wait.ts'
import type { DeliverableRecord, DeliveryState, DeliveryTerms } from './delivery-state.ts'

/** The sink threw, or its promise did not settle in time. */
export interface Thrown {
  readonly kind: 'thrown'
  /** A readable reason, without record content. */
  readonly reason: string
}

/** The pace of calls to a sink that fails. */
export const sinkPace: RetryPace = { firstMs: 1_000, longestMs: 60_000 }
/** The pace of attempts to open a sink that needs a person. */
const pausePace: RetryPace = { firstMs: 10_000, longestMs: 300_000 }
/** The longest wait that a sink can ask for. */
const longestAskedMs = 3_600_000

/**
 * Returns how long to wait. Without a minimum, a sink that asks for no wait would be called in a busy loop.
 */
function waitMs(askedMs: number | undefined, failures: number, chance: number): number {
  if (askedMs === undefined || !(askedMs >= 0)) return retryWaitMs(sinkPace, failures, chance)
  return Math.min(Math.max(askedMs, sinkPace.firstMs), longestAskedMs)
}

/**
 * Returns the state after a failure that the records did not demonstrably cause: the same batch is retried
 * after a wait that doubles with each failure.
 */
export function fail<Stored extends DeliverableRecord>(
  state: DeliveryState<Stored>,
  outcome: Retry | Rejected | Thrown,
  terms: DeliveryTerms,
  { nowMs, chance }: Moment,
): DeliveryState<Stored> {
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
 * Returns the state after a failure that a person has to fix. The sink is opened again after a pause that
 * doubles each time, up to five minutes.
 */
export function pause<Stored extends DeliverableRecord>(
  state: DeliveryState<Stored>,
  { code, remedy }: Failed,
  terms: DeliveryTerms,
  { nowMs, chance }: Moment,
): DeliveryState<Stored> {
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
 * Ends the session if it is uncertain which records the sink has: after an exception, only a sink that stores
 * its position can report this, when it is opened. After a longer outage the sink may have been restored from
 * an older copy. This is checked only when the sink is opened.
 */
export function endSession<Stored extends DeliverableRecord>(
  state: DeliveryState<Stored>,
  outcome: Retry | Rejected | Thrown,
  { idempotence }: DeliveryTerms,
): DeliveryState<Stored> {
  if (state.session !== 'open') return state
  const isOver =
    outcome.kind === 'thrown' ||
    idempotence === 'position' ||
    state.failures > 0 ||
    (outcome.kind === 'retry' && outcome.reopen === true)
  return isOver ? { ...state, session: 'stale' } : state
}

/** Returns the state after delivery has advanced past the last trouble. */
export function endTrouble<Stored extends DeliverableRecord>(
  state: DeliveryState<Stored>,
): DeliveryState<Stored> {
  return { ...state, failures: 0, pauses: 0, waitUntilMs: 0, troubleAt: 0, trouble: null }
}
