import { expect, it } from 'vitest'
import { MarkBoard } from './mark-board.ts'

const progress = {
  originSec: 100,
  coverage: [{ fromSec: 100, toSec: 160, level: 'read' as const }],
  auditedToSec: 100,
  deepAtSec: 0,
  doubts: [],
}

it('a sink publishes the mark of an org once it has all records that were committed with it', () => {
  const board = new MarkBoard(12 * 3_600_000)
  board.post('acme', progress, 7)
  board.post('other', progress, 5)
  const orgsAt = (offset: number) =>
    board.marksFor({ offset, firstMs: null, missing: [] }).map(({ org }) => org)
  expect([4, 5, 6, 7].map(orgsAt)).toEqual([[], ['other'], ['other'], ['acme', 'other']])
})
