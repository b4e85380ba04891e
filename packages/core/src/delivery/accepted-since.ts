import type { Position } from '@cdrstream/plugin'
import type { AnsweredWitness } from './find-loss.ts'

const dayMs = 86_400_000

/** Returns when the record of a witness was accepted at the earliest, in milliseconds. */
export function earliestAcceptanceMs({
  kind,
  span,
  home,
}: Pick<AnsweredWitness, 'kind' | 'span' | 'home'>): number {
  // A record is accepted at most a day before its home.
  return kind === 'last' ? Date.parse(span) : Date.parse(home) - dayMs
}

/**
 * Returns since when the records after a position were accepted, in milliseconds, as far as the records that a
 * sink got before them tell. Null: not known.
 */
export function acceptedSinceMs(
  witnesses: readonly Pick<AnsweredWitness, 'kind' | 'span' | 'home' | 'position'>[],
  { offset }: Position,
): number | null {
  const before = witnesses.filter(({ position }) => position !== null && position.offset <= offset)
  return before.length === 0 ? null : Math.max(...before.map(earliestAcceptanceMs))
}
