import type { Position } from '@cdrstream/plugin'

/** A record that was delivered to a sink. */
export interface DeliveredWitness {
  /**
   * - `first`: the first record delivered for a month of homes; `span` is that month, `YYYY-MM`
   * - `last`: the last record delivered for a day of acceptance; `span` is that day, `YYYY-MM-DD`
   */
  readonly kind: 'first' | 'last'
  readonly span: string
  readonly home: string
  /** Null if an earlier version recorded it. */
  readonly position: Position | null
}

const dayMs = 86_400_000

/** Returns the earliest time at which a witness record can have been accepted, in milliseconds. */
export function earliestAcceptanceMs({ kind, span, home }: DeliveredWitness): number {
  // A record is accepted at most one day before its home.
  return kind === 'last' ? Date.parse(span) : Date.parse(home) - dayMs
}

/**
 * Returns a lower bound for the acceptance of the records after a position, in milliseconds, derived from the
 * witnesses before them; null if unknown.
 */
export function acceptedSinceMs(witnesses: readonly DeliveredWitness[], { offset }: Position): number | null {
  const before = witnesses.filter(({ position }) => position !== null && position.offset <= offset)
  return before.length === 0 ? null : Math.max(...before.map(earliestAcceptanceMs))
}
