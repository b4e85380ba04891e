import type { Position } from '@cdrstream/plugin'

/** One of the records that a sink got. */
export interface DeliveredWitness {
  /**
   * - `first`: the first record that was delivered of a month of homes; `span` is that month, `YYYY-MM`
   * - `last`: the last one that was delivered of a day of acceptance; `span` is that day, `YYYY-MM-DD`
   */
  readonly kind: 'first' | 'last'
  readonly span: string
  readonly home: string
  /** Null where an earlier version recorded it. */
  readonly position: Position | null
}

const dayMs = 86_400_000

/** Returns when the record of a witness was accepted at the earliest, in milliseconds. */
export function earliestAcceptanceMs({ kind, span, home }: DeliveredWitness): number {
  // A record is accepted at most a day before its home.
  return kind === 'last' ? Date.parse(span) : Date.parse(home) - dayMs
}

/**
 * Returns since when the records after a position were accepted, in milliseconds, as far as the records that
 * a sink got before them tell. Null: not known.
 */
export function acceptedSinceMs(witnesses: readonly DeliveredWitness[], { offset }: Position): number | null {
  const before = witnesses.filter(({ position }) => position !== null && position.offset <= offset)
  return before.length === 0 ? null : Math.max(...before.map(earliestAcceptanceMs))
}
