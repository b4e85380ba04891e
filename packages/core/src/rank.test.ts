import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { distinctRank, rankAmong, recordRank } from './rank.ts'

const endOf2108Ms = Date.UTC(2109, 0, 1) - 1
const halfHourMs = 1_800_000
const dayMs = 86_400_000
const instant = fc.integer({ min: Date.UTC(2020, 0), max: endOf2108Ms })
const lateMs = fc.oneof(fc.integer({ min: 0, max: 2 * dayMs }), fc.integer({ min: 0, max: 400 * dayMs }))

describe('the rank of a revision', () => {
  it('is higher for a later Report time, regardless of when each revision was accepted', () => {
    fc.assert(
      fc.property(
        instant,
        fc.integer({ min: 1, max: dayMs }),
        lateMs,
        lateMs,
        (reportMs, laterMs, lateA, lateB) => {
          const older = recordRank(reportMs, reportMs + lateA)
          const newer = recordRank(reportMs + laterMs, reportMs + laterMs + lateB)
          expect(newer).toBeGreaterThan(older)
        },
      ),
      { numRuns: 1_000 },
    )
  })

  it('is higher if accepted half an hour later with the same Report time', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: 0, max: 2_000 * halfHourMs }), (reportMs, late) => {
        const older = recordRank(reportMs, reportMs + late)
        expect(recordRank(reportMs, reportMs + late + halfHourMs)).toBeGreaterThan(older)
        expect(recordRank(reportMs, reportMs + late + 1)).toBeGreaterThanOrEqual(older)
      }),
    )
  })

  it('is a safe integer of at least 0 until the year 2109, even when raised by ties', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.constant(null), fc.double(), fc.integer(), instant),
        fc.oneof(instant, fc.constantFrom(0, endOf2108Ms)),
        (reportMs, acceptedMs) => {
          const rank = recordRank(Number.isNaN(reportMs) ? null : reportMs, acceptedMs)
          expect(Number.isSafeInteger(rank + 1_000)).toBe(true)
          expect(rank).toBeGreaterThanOrEqual(0)
        },
      ),
    )
  })

  it.each([null, -1, Date.UTC(2026, 0, 2, 0, 0, 0, 1)])(
    'treats a Report time of %s as the acceptance time',
    (reportMs) => {
      const acceptedMs = Date.UTC(2026, 0, 1)
      expect(recordRank(reportMs, acceptedMs)).toBe(recordRank(acceptedMs, acceptedMs))
    },
  )

  it('accepts a Report time up to a day in the future', () => {
    const acceptedMs = Date.UTC(2026, 0, 1)
    expect(recordRank(acceptedMs + dayMs, acceptedMs)).toBe((acceptedMs + dayMs) * 2_048)
  })
})

describe('ties', () => {
  it('result in distinct ranks in the order of acceptance', () => {
    fc.assert(
      fc.property(
        instant,
        fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1 }),
        (reportMs, halfHours) => {
          const inOrder = halfHours.toSorted((a, b) => a - b)
          const ranks: number[] = []
          for (const late of inOrder) {
            const rank = recordRank(reportMs, reportMs + late * halfHourMs)
            ranks.push(distinctRank(rank, new Set(ranks)))
          }
          for (const [at, rank] of ranks.entries())
            if (at > 0) expect(rank).toBeGreaterThan(ranks[at - 1] ?? rank)
        },
      ),
    )
  })

  it('leave a unique rank unchanged', () => {
    expect(distinctRank(7, new Set([6, 8]))).toBe(7)
  })
})

describe('the rank of a revision among the revisions of its key', () => {
  const reported = fc.oneof(fc.constant(null), instant)

  it('is higher than all others if it has no Report time, regardless of the clock', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(reported, instant), { maxLength: 5 }), instant, (before, acceptedMs) => {
        const known = before.map(([reportMs, atMs]) => recordRank(reportMs, atMs))
        for (const other of known) expect(rankAmong(null, acceptedMs, known)).toBeGreaterThan(other)
      }),
    )
  })

  it('is higher than the rank of an earlier revision with the same Report time, regardless of the clock', () => {
    fc.assert(
      fc.property(instant, lateMs, lateMs, (reportMs, lateA, lateB) => {
        const known = recordRank(reportMs, reportMs + lateA)
        expect(rankAmong(reportMs, reportMs + lateB, [known])).toBeGreaterThan(known)
      }),
    )
  })

  it('is determined by its Report time if no other revision has the same', () => {
    const [before, later] = [Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 2)]
    const known = [recordRank(later, later)]
    expect(rankAmong(before, later, known)).toBe(recordRank(before, later))
  })
})
