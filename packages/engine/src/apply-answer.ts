import type { DeliveryEvent, StoredRecord } from '@cdrstream/core'
import { describeTrouble, type Thrown, type ThrownReason, withReason } from './call-sink.ts'

/**
 * Applies the response from a sink. Returns false if the sink names a record or a position that it did not
 * receive, which counts as an exception.
 */
export function applyAnswer<Outcome extends { readonly kind: string }>(
  outcome: Outcome | Thrown,
  eventOf: (answer: Exclude<Outcome, Thrown> | ThrownReason) => DeliveryEvent<StoredRecord>,
  apply: (event: DeliveryEvent<StoredRecord>, cause: string) => void,
): boolean {
  try {
    apply(eventOf(withReason(outcome)), describeTrouble(outcome))
    return true
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    apply(eventOf({ kind: 'thrown', reason: error.message }), error.message)
    return false
  }
}
