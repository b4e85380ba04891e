import type { Position, Presence } from '@cdrstream/plugin'
import { type DeliveredWitness, earliestAcceptanceMs } from './accepted-since.ts'

/** A record that a sink should have, and whether the sink still has it. */
export interface AnsweredWitness extends DeliveredWitness {
  readonly presence: Presence
}

/** The records that a sink lost. */
export interface Loss {
  /** Everything up to here is still present; null if the start of the loss is unknown. */
  readonly after: Position | null
  /** The lost records were accepted at this time or later; null if unknown. */
  readonly sinceMs: number | null
}

const dayMs = 86_400_000

/**
 * Returns the loss of a sink that should have everything up to `through`, or null if nothing shows a loss. A
 * month was emptied if its first record is missing. The sink was reset to an older state (a restored
 * snapshot) if the very last record is missing; older days show how far back. A gap in the middle of a day
 * goes unnoticed.
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
  // The second-to-last day, because the parts of a snapshot may have been taken some time apart.
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

/** Returns the earliest acceptance in a month: a record is accepted at most one day before its home. */
function beginOfMonthMs(month: string): number {
  return Date.parse(`${month}-01T00:00:00Z`) - dayMs
}
