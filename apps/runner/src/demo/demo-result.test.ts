import { expect, test } from 'vitest'
import { type DemoResult, resultLine, troubles } from './demo-result.ts'

const perfect: DemoResult = {
  comparison: { shown: 12_345, delivered: 12_345, missing: [], twice: 0, invented: 0 },
  unread: 0,
  violations: [],
  records: './demo/records',
}
const entry = {
  org: 'acme',
  reportId: 'x',
  content: 'y',
  isRecord: true,
  insertionMs: 0,
  availableMs: 0,
  shownMs: 1,
}

test('the line shows the counts', () => {
  expect(resultLine(perfect)).toBe(
    '12,345 records shown by the API, 12,345 in ./demo/records, 0 missing, 0 twice',
  )
  expect(troubles(perfect)).toEqual([])
})

const differences: readonly (readonly [string, Partial<DemoResult>])[] = [
  ['missing', { comparison: { ...perfect.comparison, missing: [entry] } }],
  ['twice', { comparison: { ...perfect.comparison, twice: 1 } }],
  ['invented', { comparison: { ...perfect.comparison, invented: 1 } }],
  ['never read', { unread: 1 }],
  ['over the rate limit', { violations: [{ kind: 'initial', credential: 't', atMs: 0 }] }],
]

test.each(differences)('a record or request that is %s is a problem', (_, difference) => {
  expect(troubles({ ...perfect, ...difference })).toHaveLength(1)
})
