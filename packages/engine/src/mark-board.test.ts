import { mergeMark } from '@cdrstream/plugin'
import { expect, it } from 'vitest'
import { MarkBoard } from './mark-board.ts'

const progress = {
  originSec: 100,
  coverage: [{ fromSec: 100, toSec: 160, level: 'read' as const }],
  auditedToSec: 100,
  deepAtSec: 0,
  doubts: [],
}

it('the mark of an emptied sink has a gap for everything that the sink lost', () => {
  const board = new MarkBoard(20_000)
  board.post('acme', progress, 7)
  const gapsOf = (sinceMs: number | null) =>
    board.marksOfEmptied({ firstMs: null, missing: [] }, sinceMs).map(({ gaps }) => gaps)
  const gap = { toMs: 160_000, reason: 'not-delivered' }
  expect(gapsOf(null)).toEqual([[{ ...gap, fromMs: 100_000 }]])
  expect(gapsOf(140_000)).toEqual([[{ ...gap, fromMs: 120_000 }]])
})

it('the mark of an emptied sink covers what an earlier journal read for an org that is new to this journal', () => {
  const { originSec, auditedToSec, deepAtSec, doubts } = progress
  const unread = { originSec, auditedToSec, deepAtSec, doubts, coverage: [] }
  const stored = { completeThroughMs: 160_000, gaps: [] }
  for (const known of [unread, { ...unread, originPresumed: { reachMs: 60_000 } }]) {
    const board = new MarkBoard(20_000)
    board.post('acme', known, 7)
    const [retracted] = board.marksOfEmptied({ firstMs: null, missing: [] }, 150_000)
    expect(retracted && mergeMark(stored, retracted)).toEqual({
      completeThroughMs: 160_000,
      gaps: [{ fromMs: 100_000, toMs: 160_000, reason: 'not-delivered' }],
    })
    expect(board.marksFor({ offset: 7, firstMs: null, missing: [] })).toEqual([])
  }
})

it("an org's mark is valid once the sink has all records that were committed before it", () => {
  const board = new MarkBoard(12 * 3_600_000)
  board.post('acme', progress, 7)
  board.post('other', progress, 5)
  const orgsAt = (offset: number) =>
    board.marksFor({ offset, firstMs: null, missing: [] }).map(({ org }) => org)
  expect([4, 5, 6, 7].map(orgsAt)).toEqual([[], ['other'], ['other'], ['acme', 'other']])
})
