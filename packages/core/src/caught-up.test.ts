import { describe, expect, it } from 'vitest'
import { isCaughtUp } from './caught-up.ts'
import { orgState } from './org-state.ts'
import type { Progress } from './progress.ts'
import { defaultTerms as terms } from './terms.ts'

const nowMs = Date.UTC(2026, 8, 24, 12)
const goalSec = nowMs / 1_000 - 120
const hour = 3_600
const fromSec = goalSec - 6 * hour
const read: Progress = {
  originSec: fromSec,
  coverage: [{ fromSec, toSec: goalSec, level: 'read' }],
  auditedToSec: fromSec,
  deepAtSec: 0,
  doubts: [],
}
const caughtUp = (progress: Partial<Progress>) => {
  const state = orgState({ ...read, ...progress }, nowMs)
  return isCaughtUp(state, goalSec, terms, nowMs)
}
const hole = { fromSec: goalSec - 100, toSec: goalSec - 99 }
const withHole: Progress['coverage'] = [
  { fromSec, toSec: hole.fromSec, level: 'read' },
  { fromSec: hole.toSec, toSec: goalSec, level: 'read' },
]

describe('an org is caught up', () => {
  it('when everything has been read and nothing has to be read again', () => {
    expect(caughtUp({})).toBe(true)
  })

  it('only when nothing is unread', () => {
    expect(caughtUp({ coverage: withHole })).toBe(false)
    expect(caughtUp({ coverage: [] })).toBe(false)
  })

  it('only after each doubtful span up to the goal has been read again', () => {
    expect(caughtUp({ doubts: [hole] })).toBe(false)
    expect(caughtUp({ doubts: [{ fromSec: hole.fromSec, toSec: goalSec + 1 }] })).toBe(true)
    expect(caughtUp({ doubts: [{ fromSec: goalSec - 13 * hour, toSec: goalSec - 12 * hour }] })).toBe(true)
  })

  it('only when no audit is due', () => {
    const oldSec = goalSec - 11.95 * hour
    const old = { originSec: oldSec, coverage: [{ fromSec: oldSec, toSec: goalSec, level: 'read' as const }] }
    expect(caughtUp({ ...old, auditedToSec: oldSec })).toBe(false)
    expect(caughtUp({ ...old, auditedToSec: goalSec - 9 * hour })).toBe(true)
  })

  it('only after the search for seconds that cannot be served has ended', () => {
    const unserved = (notBeforeMs: number) => [
      { ...hole, stage: 'divided' as const, failures: 1, notBeforeMs },
    ]
    expect(caughtUp({ coverage: withHole, unserved: unserved(0) })).toBe(false)
    expect(caughtUp({ coverage: withHole, unserved: unserved(nowMs) })).toBe(true)
  })
})
