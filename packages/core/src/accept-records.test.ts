import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AcceptedRecord, acceptRecords, countRepeated, type Revision } from './accept-records.ts'
import type { IdentifiedRecord } from './identify-item.ts'
import { wholeMs } from './whole-ms.ts'

const startMs = Date.UTC(2026, 8, 24, 12)
const minuteMs = 60_000
const dayMs = 86_400_000

const record = (
  key: string,
  fingerprint: string,
  times: Partial<IdentifiedRecord> = {},
): IdentifiedRecord => ({
  kind: 'record',
  bytes: Buffer.from(`{"Report ID":"${key}","content":"${fingerprint}"}`),
  key,
  fingerprint,
  content: undefined,
  startTimeMs: startMs,
  reportTimeMs: startMs,
  ...times,
})

/** Accepts pages as a journal does, remembering each revision. A minute passes between pages. */
function acceptPages(
  pages: readonly (readonly IdentifiedRecord[])[],
): readonly (readonly AcceptedRecord[])[] {
  const known = new Map<string, readonly Revision[]>()
  return pages.map((page, at) => {
    const accepted = acceptRecords(page, known, 'stream', wholeMs(startMs + at * minuteMs))
    for (const { key, fingerprint, rank, home } of accepted) {
      known.set(key, [...(known.get(key) ?? []), { fingerprint, rank, home }])
    }
    return accepted
  })
}

const anyRecord = fc
  .tuple(
    fc.constantFrom('a', 'b', 'c', 'd'),
    fc.constantFrom('1', '2', '3'),
    fc.integer({ min: -3, max: 3 }),
    fc.option(fc.integer({ min: -90, max: 2 })),
  )
  .map(([key, content, reportMinutes, startDays]) =>
    // The times are part of the content.
    record(key, `${content} ${reportMinutes} ${startDays}`, {
      reportTimeMs: startMs + reportMinutes * minuteMs,
      startTimeMs: startDays === null ? null : startMs + startDays * dayMs,
    }),
  )
const anyPages = fc.array(fc.array(anyRecord))

const contents = (records: readonly { key: string; fingerprint: string }[]) =>
  records.map(({ key, fingerprint }) => `${key} ${fingerprint}`)

describe('accepting records', () => {
  it('accepts each content of a key once, no matter how often and where it appears', () => {
    fc.assert(
      fc.property(anyPages, (pages) => {
        const accepted = contents(acceptPages(pages).flat())
        expect(accepted).toEqual([...new Set(contents(pages.flat()))])
      }),
    )
  })

  it('accepts nothing new from pages that were read before, in any order', () => {
    fc.assert(
      fc.property(anyPages, fc.nat(), (pages, turn) => {
        const again = pages.map((_, at) => pages[(at + turn) % pages.length] ?? [])
        expect(
          acceptPages([...pages, ...again])
            .slice(pages.length)
            .flat(),
        ).toEqual([])
      }),
    )
  })

  it('gives all revisions of a key one home, and distinct ranks', () => {
    fc.assert(
      fc.property(anyPages, (pages) => {
        const byKey = Map.groupBy(acceptPages(pages).flat(), ({ key }) => key)
        for (const revisions of byKey.values()) {
          expect(new Set(revisions.map(({ home }) => home)).size).toBe(1)
          expect(new Set(revisions.map(({ rank }) => rank)).size).toBe(revisions.length)
        }
      }),
    )
  })

  it('accepts the contents A, B, then A again as two revisions and shows B', () => {
    const [first, second, third] = acceptPages([[record('k', 'A')], [record('k', 'B')], [record('k', 'A')]])
    expect(contents([...(first ?? []), ...(second ?? [])])).toEqual(['k A', 'k B'])
    expect(third).toEqual([])
    expect(second?.[0]?.rank).toBeGreaterThan(first?.[0]?.rank ?? Number.NaN)
  })

  it('shows the revision with the latest Report time even if it came first', () => {
    const newer = record('k', 'newer', { reportTimeMs: startMs + minuteMs })
    const older = record('k', 'older', { reportTimeMs: startMs })
    const [first, second] = acceptPages([[newer], [older]])
    expect(first?.[0]?.rank).toBeGreaterThan(second?.[0]?.rank ?? Number.NaN)
  })

  it('marks the revisions that were superseded before they arrived', () => {
    fc.assert(
      fc.property(anyPages, (pages) => {
        const before = new Map<string, number>()
        for (const { key, rank, isSuperseded } of acceptPages(pages).flat()) {
          const highest = before.get(key) ?? 0
          expect(isSuperseded).toBe(highest > rank)
          before.set(key, Math.max(highest, rank))
        }
      }),
    )
  })

  it('accepts a record repeated on a page once, and both contents if a page has two for one key', () => {
    const [page] = acceptPages([[record('k', 'A'), record('k', 'A'), record('k', 'B')]])
    expect(contents(page ?? [])).toEqual(['k A', 'k B'])
    expect(page?.[0]?.bytes).toEqual(record('k', 'A').bytes)
  })

  it("keeps a key's home when a revision changes its Start time", () => {
    const moved = record('k', 'B', { startTimeMs: startMs - 30 * dayMs })
    const [first, second] = acceptPages([[record('k', 'A')], [moved]])
    expect(first?.[0]?.home).toBe('2026-09-24')
    expect(second?.[0]?.home).toBe('2026-09-24')
  })

  it('accepts records without a Report ID as two records if their contents differ', () => {
    const [page] = acceptPages([
      [record('content:A', 'A'), record('content:B', 'B'), record('content:A', 'A')],
    ])
    expect(contents(page ?? [])).toEqual(['content:A A', 'content:B B'])
  })
})

describe('items that were also on the previous page', () => {
  it('are counted as many times as they appear on both pages', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b', 'c')),
        fc.array(fc.constantFrom('b', 'c', 'd')),
        (before, page) => {
          const times = (fingerprints: readonly string[], one: string) =>
            fingerprints.filter((f) => f === one).length
          const expected = ['b', 'c'].reduce((sum, f) => sum + Math.min(times(before, f), times(page, f)), 0)
          expect(countRepeated(before, page)).toBe(expected)
        },
      ),
    )
  })
})
