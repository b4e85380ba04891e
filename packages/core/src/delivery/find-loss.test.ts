import type { Position, Presence } from '@cdrstream/plugin'
import { describe, expect, it } from 'vitest'
import { type AnsweredWitness, findLoss } from './find-loss.ts'

const at = (offset: number): Position => ({ incarnation: 'j', offset, commit: `c${offset}` })

function witness(span: string, offset: number | null, presence: Presence): AnsweredWitness {
  const isDay = span.length === 10
  const home = isDay ? span : `${span}-15`
  const position = offset === null ? null : at(offset)
  return { kind: isDay ? 'last' : 'first', span, home, position, presence }
}

function loss(witnesses: readonly AnsweredWitness[], through = 100) {
  const found = findLoss(witnesses, at(through))
  return found && { after: found.after?.offset ?? null, since: found.sinceMs && isoDay(found.sinceMs) }
}

function isoDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}

describe("a sink's loss", () => {
  const days = (...answers: readonly Presence[]) =>
    answers.map((presence, at) => witness(`2026-09-0${at + 1}`, 20 * (at + 1), presence))

  it('is nothing while the first record of each month and the last record are present', () => {
    expect(loss([])).toBeNull()
    expect(loss([witness('2026-09', 1, 'present'), ...days('present', 'present')])).toBeNull()
    expect(loss([witness('2026-08', 1, 'expired'), ...days('unknown')])).toBeNull()
  })

  it('is nothing if only a single record between them has been deleted', () => {
    expect(loss(days('present', 'absent', 'present'))).toBeNull()
  })

  it('starts after the second-to-last day that the sink still has if it has been reset to an older state', () => {
    const first = witness('2026-09', 1, 'present')
    expect(loss([first, ...days('present', 'present', 'absent', 'absent')])).toEqual({
      after: 20,
      since: '2026-09-01',
    })
    expect(loss([first, ...days('absent')])).toEqual({ after: null, since: null })
  })

  it('does not include records after the position where delivery continues', () => {
    expect(loss([witness('2026-09', 1, 'present'), ...days('present', 'absent')], 25)).toBeNull()
  })

  it('includes a month whose first record is missing, even if it has later ones', () => {
    const august = [witness('2026-08', 1, 'present'), witness('2026-08-31', 5, 'present')]
    expect(loss([...august, witness('2026-09', 10, 'absent'), ...days('present')])).toEqual({
      after: 1,
      since: '2026-08-31',
    })
  })

  it('is everything when the sink has no records or an earlier version did not record their positions', () => {
    expect(loss([witness('2026-09', 1, 'absent'), ...days('absent')])).toEqual({ after: null, since: null })
    expect(loss([witness('2026-08', null, 'present'), witness('2026-09', null, 'absent')])).toEqual({
      after: null,
      since: '2026-08-31',
    })
  })
})
