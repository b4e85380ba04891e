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

it('the mark of an org is valid once the sink has all records that were committed before it', () => {
  const board = new MarkBoard(12 * 3_600_000)
  board.post('acme', progress, 7)
  board.post('other', progress, 5)
  const orgsAt = (offset: number) =>
    board.marksFor({ offset, firstMs: null, missing: [] }).map(({ org }) => org)
  expect([4, 5, 6, 7].map(orgsAt)).toEqual([[], ['other'], ['other'], ['acme', 'other']])
})
