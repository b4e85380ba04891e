import type { Position } from '@cdrstream/plugin'
import {
  type DeliverableRecord,
  type DeliveryState,
  type DeliveryTerms,
  deliveryState,
} from './delivery-state.ts'
import { releaseSuspects } from './record-progress.ts'

/** What an operator asks of the delivery to a sink. */
export type ControlEvent =
  /** Nothing is sent to the sink until `resume` or `retry-now`. */
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  /** Ends a pause or a wait: the sink is called at once. */
  | { readonly kind: 'retry-now' }
  /** Everything after this position is to be delivered again. */
  | { readonly kind: 'replay'; readonly after: Position }
  /** The journal has recorded that delivery starts over at an earlier position. */
  | { readonly kind: 'rewound' }

/** The code of a sink that an operator paused. */
export const pausedByOperator = 'paused-by-operator'

/** Returns the state after an operator's request. Without one, nothing in here is ever reached. */
export function applyControl<Stored extends DeliverableRecord>(
  state: DeliveryState<Stored>,
  event: ControlEvent,
  terms: DeliveryTerms,
): DeliveryState<Stored> {
  switch (event.kind) {
    case 'pause': {
      const trouble = {
        code: pausedByOperator,
        remedy: 'run `cdrstream sink resume` with the name of this sink',
      }
      return { ...closing(state), isPaused: true, trouble }
    }
    case 'resume':
      return state.isPaused ? atOnce(state) : state
    case 'retry-now':
      return atOnce(state)
    case 'replay':
      return { ...closing(releaseSuspects(state)), replayAfter: earlier(state.replayAfter, event.after) }
    case 'rewound':
      return rewound(state, terms)
  }
}

/**
 * Returns the state after an unexpected failure: everything but what an operator asked for is read again from
 * the journal and the sink.
 */
export function startOver<Stored extends DeliverableRecord>(
  { isPaused, replayAfter, failures }: DeliveryState<Stored>,
  terms: DeliveryTerms,
  waitUntilMs: number,
): DeliveryState<Stored> {
  const trouble = { code: 'delivery-failed' }
  return { ...deliveryState(terms), isPaused, replayAfter, failures: failures + 1, waitUntilMs, trouble }
}

/** Returns the state with the session to be closed: what it has not made durable is sent again. */
function closing<Stored extends DeliverableRecord>(state: DeliveryState<Stored>): DeliveryState<Stored> {
  return { ...state, session: state.session === 'closed' ? 'closed' : 'stale', run: null }
}

function atOnce<Stored extends DeliverableRecord>(state: DeliveryState<Stored>): DeliveryState<Stored> {
  const trouble = state.isPaused ? null : state.trouble
  return { ...state, isPaused: false, pauses: 0, waitUntilMs: 0, markNotBeforeMs: 0, trouble }
}

function earlier(one: Position | null, other: Position): Position {
  return one === null || other.offset < one.offset ? other : one
}

/** What is known about the sink's behaviour stays; everything that depends on a position starts over. */
function rewound<Stored extends DeliverableRecord>(
  state: DeliveryState<Stored>,
  terms: DeliveryTerms,
): DeliveryState<Stored> {
  const { isPaused, batchRecords, cautious, watch, failures, pauses, waitUntilMs, trouble, ended } = state
  const kept = { isPaused, batchRecords, cautious, watch, failures, pauses, waitUntilMs, trouble, ended }
  return { ...deliveryState(terms), ...kept, isFresh: false }
}
