import type { Position, Presence } from '@cdrstream/plugin'
import { type DeliveredWitness, earliestAcceptanceMs } from './accepted-since.ts'

/** One of the records that a sink should have durably, and whether it still does. */
export interface AnsweredWitness extends DeliveredWitness {
  readonly presence: Presence
}

/** What a sink lost. */
export interface Loss {
  /** Everything up to here is still there. Null: nobody knows where the loss begins. */
  readonly after: Position | null
  /** What was lost was accepted then or later; null: not known. */
  readonly sinceMs: number | null
}

const dayMs = 86_400_000

/**
 * Returns what a sink lost that should have everything up to `through`, or null if nothing shows a loss. A
 * month was emptied if its first record is gone. The sink was set back to an older state (a restored
 * snapshot) if the last record of all is gone; older days show how far. A gap in the middle of a day is not
 * noticed.
 */
export function findLoss(witnesses: readonly AnsweredWitness[], through: Position): Loss | null {
  const expected = witnesses
    .filter(({ position }) => offsetOf(position) <= through.offset)
    .toSorted((a, b) => offsetOf(a.position) - offsetOf(b.position))
  const last = expected.findLast(({ kind }) => kind === 'last')
  const absent = expected.filter(
    (witness) => witness.presence === 'absent' && (witness.kind === 'first' || witness === last),
  )
  if (absent.length === 0) return null
  const lostFrom = Math.min(...absent.map(({ position }) => offsetOf(position)))
  const before = expected.filter(
    ({ position, presence }) => presence === 'present' && position !== null && position.offset < lostFrom,
  )
  // The last but one: the parts of a snapshot may be some time apart.
  const safe = before.at(-2)
  const isPartial = expected.some(({ presence }) => presence !== 'absent')
  const months = absent.filter(({ kind }) => kind === 'first').map(({ span }) => beginOfMonthMs(span))
  const since = [
    ...months,
    ...(absent.some(({ kind }) => kind === 'last') ? [safe && earliestAcceptanceMs(safe)] : []),
  ]
  return {
    after: safe?.position ?? null,
    sinceMs: isPartial && since.every((ms) => ms !== undefined) ? Math.min(...since) : null,
  }
}

function offsetOf(position: Position | null): number {
  return position?.offset ?? 0
}

/** A record is accepted at most a day before its home. */
function beginOfMonthMs(month: string): number {
  return Date.parse(`${month}-01T00:00:00Z`) - dayMs
}
