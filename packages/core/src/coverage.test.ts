import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Coverage,
  type CoverageLevel,
  coverageEdgeSec,
  coverageFrontierSec,
  doubtCoverage,
  doubtRead,
  raiseCoverage,
  recordGap,
  spansAtLevel,
  unreadSpans,
} from './coverage.ts'
import type { Span } from './span.ts'

/** The simplest model: a level for each second. */
type Model = Map<number, CoverageLevel>

const levels: readonly CoverageLevel[] = ['gap', 'doubtful', 'read', 'final']
const lastSec = 40
const second = fc.integer({ min: 0, max: lastSec })
// Including empty and reversed spans, which cover nothing.
const span: fc.Arbitrary<Span> = fc.record({ fromSec: second, toSec: second })

const change = fc.oneof(
  fc.record({ kind: fc.constant('raise' as const), span, level: fc.constantFrom(...levels) }),
  fc.record({ kind: fc.constant('doubt' as const), span }),
  fc.record({ kind: fc.constant('doubt read' as const), span }),
  fc.record({ kind: fc.constant('gap' as const), span }),
)
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never

function changeCoverage(coverage: Coverage, { span, ...change }: Change): Coverage {
  switch (change.kind) {
    case 'raise':
      return raiseCoverage(coverage, span, change.level)
    case 'doubt':
      return doubtCoverage(coverage, span)
    case 'doubt read':
      return doubtRead(coverage, span)
    case 'gap':
      return recordGap(coverage, span)
  }
}

function changeSecond(known: CoverageLevel | undefined, change: Change): CoverageLevel | undefined {
  switch (change.kind) {
    case 'raise':
      return (
        levels[Math.max(levels.indexOf(change.level), known === undefined ? 0 : levels.indexOf(known))] ??
        'gap'
      )
    case 'doubt':
      return 'doubtful'
    case 'doubt read':
      return known === 'read' ? 'doubtful' : known
    case 'gap':
      return known ?? 'gap'
  }
}

function build(changes: readonly Change[]): { coverage: Coverage; model: Model } {
  let coverage: Coverage = []
  const model: Model = new Map()
  for (const change of changes) {
    coverage = changeCoverage(coverage, change)
    for (const sec of seconds([change.span])) {
      const level = changeSecond(model.get(sec), change)
      if (level !== undefined) model.set(sec, level)
    }
  }
  return { coverage, model }
}

const seconds = (spans: readonly Span[]): readonly number[] =>
  spans.flatMap(({ fromSec, toSec }) =>
    Array.from({ length: Math.max(0, toSec - fromSec) }, (_, at) => fromSec + at),
  )

const everySecond = seconds([{ fromSec: 0, toSec: lastSec }])

describe('coverage', () => {
  it('has the same level for each second as a map of seconds', () => {
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        const { coverage, model } = build(changes)
        for (const level of levels) {
          const expected = everySecond.filter((sec) => model.get(sec) === level)
          expect(seconds(spansAtLevel(coverage, level))).toEqual(expected)
        }
      }),
      { numRuns: 1_000 },
    )
  })

  it('is sorted and disjoint, without empty intervals or unmerged neighbours', () => {
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        const { coverage } = build(changes)
        for (const [at, interval] of coverage.entries()) {
          expect(interval.fromSec).toBeLessThan(interval.toSec)
          const before = coverage[at - 1]
          if (before === undefined) continue
          expect(before.toSec).toBeLessThanOrEqual(interval.fromSec)
          if (before.toSec === interval.fromSec) expect(before.level).not.toBe(interval.level)
        }
      }),
      { numRuns: 1_000 },
    )
  })

  it('finds the unread seconds of a span', () => {
    fc.assert(
      fc.property(fc.array(change), span, (changes, within) => {
        const { coverage, model } = build(changes)
        const unread = unreadSpans(coverage, within)
        expect(seconds(unread)).toEqual(seconds([within]).filter((sec) => !model.has(sec)))
        // The spans are merged: no two of them touch.
        for (const [at, { toSec }] of unread.entries()) expect(unread[at + 1]?.fromSec).not.toBe(toSec)
      }),
    )
  })

  it('has its edge after the newest second that was read, ignoring gaps', () => {
    fc.assert(
      fc.property(fc.array(change), second, (changes, originSec) => {
        const { coverage, model } = build(changes)
        const read = everySecond.filter((sec) => model.has(sec) && model.get(sec) !== 'gap')
        const edgeSec = Math.max(originSec, (read.at(-1) ?? -1) + 1)
        expect(coverageEdgeSec(coverage, originSec)).toBe(edgeSec)
      }),
    )
  })

  it('has its frontier at the first unread second after the origin', () => {
    fc.assert(
      fc.property(fc.array(change), second, (changes, originSec) => {
        const { coverage, model } = build(changes)
        let frontierSec = originSec
        while (model.has(frontierSec)) frontierSec += 1
        expect(coverageFrontierSec(coverage, originSec)).toBe(frontierSec)
      }),
    )
  })

  it('loses nothing when a span is read again', () => {
    fc.assert(
      fc.property(fc.array(change), span, fc.constantFrom(...levels), (changes, span, level) => {
        const { coverage } = build(changes)
        const raised = raiseCoverage(coverage, span, level)
        const known = (of: Coverage, sec: number) =>
          levels.indexOf(of.find(({ fromSec, toSec }) => fromSec <= sec && sec < toSec)?.level ?? 'gap')
        for (const sec of everySecond) expect(known(raised, sec)).toBeGreaterThanOrEqual(known(coverage, sec))
      }),
    )
  })
})
