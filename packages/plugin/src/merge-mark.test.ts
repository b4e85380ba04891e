import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Mark, MarkGap, MarkGapReason } from './mark.ts'
import { mergeGaps, mergeMark } from './merge-mark.ts'

const reasons: readonly MarkGapReason[] = ['doubtful', 'refused', 'not-delivered', 'not-collected']

const anyGap: fc.Arbitrary<MarkGap> = fc
  .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 20 }), fc.constantFrom(...reasons))
  .map(([fromMs, length, reason]) => ({ fromMs, toMs: fromMs + length, reason }))

describe('merged gaps', () => {
  it('are sorted, disjoint, and have the most serious reason for each millisecond', () => {
    fc.assert(
      fc.property(fc.array(anyGap), (gaps) => {
        const merged = mergeGaps(gaps)
        for (const [at, gap] of merged.entries()) {
          expect(gap.fromMs).toBeLessThan(gap.toMs)
          expect(gap.fromMs).toBeGreaterThanOrEqual(merged[at - 1]?.toMs ?? 0)
        }
        for (let ms = 0; ms < 61; ms += 1) expect(reasonAt(merged, ms)).toBe(reasonAt(gaps, ms))
      }),
    )
  })
})

describe('merging many gaps', () => {
  // Comparing every pair of gaps would take a million reads here.
  it('does not compare every pair of them', () => {
    let reads = 0
    const gaps = Array.from({ length: 1_000 }, (_, minute) => ({
      get fromMs() {
        reads += 1
        return minute
      },
      toMs: minute + 720,
      reason: 'refused' as const,
    }))
    expect(mergeGaps(gaps)).toEqual([{ fromMs: 0, toMs: 1_719, reason: 'refused' }])
    expect(reads).toBeLessThan(20_000)
  })
})

describe('a new mark', () => {
  const mark: Mark = { org: 'acme', fromMs: 100, completeThroughMs: 200, gaps: [] }

  it('is stored unchanged if none was stored before', () => {
    expect(mergeMark(undefined, mark)).toEqual({ completeThroughMs: 200, gaps: [] })
  })

  it('does not replace a mark that is further ahead', () => {
    expect(mergeMark({ completeThroughMs: 201, gaps: [] }, mark)).toBeUndefined()
    const doubtful: Mark = { ...mark, gaps: [{ fromMs: 150, toMs: 200, reason: 'doubtful' }] }
    expect(mergeMark({ completeThroughMs: 201, gaps: [] }, doubtful)).toBeUndefined()
  })

  it('adds its losses to a stored mark that is further ahead, and extends a loss that is still open to the end of that mark', () => {
    const stored = { completeThroughMs: 300, gaps: [{ fromMs: 10, toMs: 20, reason: 'refused' }] } as const
    const lost = (toMs: number): Mark => ({
      ...mark,
      gaps: [{ fromMs: 150, toMs, reason: 'not-delivered' }],
    })
    const merged = (toMs: number) => mergeMark(stored, lost(toMs))
    expect(merged(180)).toEqual({ completeThroughMs: 300, gaps: [...stored.gaps, ...lost(180).gaps] })
    expect(merged(200)).toEqual({ completeThroughMs: 300, gaps: [...stored.gaps, ...lost(300).gaps] })
  })

  it('adds a not-collected gap for the span between the stored mark and its own start', () => {
    expect(mergeMark({ completeThroughMs: 60, gaps: [] }, mark)).toEqual({
      completeThroughMs: 200,
      gaps: [{ fromMs: 60, toMs: 100, reason: 'not-collected' }],
    })
  })

  it('keeps stored gaps before its own span and replaces those within it', () => {
    const stored = {
      completeThroughMs: 150,
      gaps: [
        { fromMs: 10, toMs: 20, reason: 'refused' },
        { fromMs: 90, toMs: 130, reason: 'doubtful' },
      ],
    } as const
    expect(mergeMark(stored, mark)?.gaps).toEqual([
      { fromMs: 10, toMs: 20, reason: 'refused' },
      { fromMs: 90, toMs: 100, reason: 'doubtful' },
    ])
  })
})

function reasonAt(gaps: readonly MarkGap[], ms: number): MarkGapReason | undefined {
  const covering = gaps.filter(({ fromMs, toMs }) => fromMs <= ms && ms < toMs).map(({ reason }) => reason)
  return reasons.findLast((reason) => covering.includes(reason))
}
