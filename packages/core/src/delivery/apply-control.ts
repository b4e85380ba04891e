import type { Position } from '@cdrstream/plugin'
import {
  type DeliverableRecord,
  type DeliveryState,
  type DeliveryTerms,
  deliveryState,
} from './delivery-state.ts'

/** An operator's request about delivery to a sink, or its outcome. */
export type ControlEvent =
  /** Nothing is sent to the sink until `resume` or `retry-now`. */
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  /** Ends a pause or a wait, and calls the sink immediately. */
  | { readonly kind: 'retry-now' }
  /** Requests redelivery of everything after this position. */
  | { readonly kind: 'replay'; readonly after: Position }
  /** The journal has recorded that delivery restarts at an earlier position. */
  | { readonly kind: 'rewound' }

/** The trouble code of a sink that an operator has paused. */
export const pausedByOperator = 'paused-by-operator'

/** Returns the state after an operator's request. */
export function applyControl<Stored extends DeliverableRecord>(
  state: DeliveryState<Stored>,
  event: ControlEvent,
  terms: DeliveryTerms,
): DeliveryState<Stored> {
  switch (event.kind) {
    case 'pause': {
      const trouble = {
        code: pausedByOperator,
        remedy: "run `cdrstream sink resume` with this sink's name",
      }
      return { ...closing(state), isPaused: true, trouble }
    }
    case 'resume':
      return state.isPaused ? atOnce(state) : state
    case 'retry-now':
      return atOnce(state)
    case 'replay':
      return { ...closing(state), replayAfter: earlier(state.replayAfter, event.after) }
    case 'rewound':
      return rewound(state, terms)
  }
}

/**
 * Returns the state after an unexpected failure. It keeps only the operator's requests and the failure count;
 * everything else is read again from the journal and the sink.
 */
export function startOver<Stored extends DeliverableRecord>(
  { isPaused, replayAfter, failures }: DeliveryState<Stored>,
  terms: DeliveryTerms,
  waitUntilMs: number,
): DeliveryState<Stored> {
  const trouble = { code: 'delivery-failed' }
  return { ...deliveryState(terms), isPaused, replayAfter, failures: failures + 1, waitUntilMs, trouble }
}

/** Returns the state with its session marked for closing. Records that are not yet durable are sent again. */
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

/** Keeps what is known about the sink's behaviour, and resets everything that depends on a position. */
function rewound<Stored extends DeliverableRecord>(
  state: DeliveryState<Stored>,
  terms: DeliveryTerms,
): DeliveryState<Stored> {
  const { isPaused, batchRecords, cautious, watch, failures, pauses, waitUntilMs, trouble, ended } = state
  const kept = { isPaused, batchRecords, cautious, watch, failures, pauses, waitUntilMs, trouble, ended }
  return { ...deliveryState(terms), ...kept }
}
