import type { CdrRecord } from '@cdrstream/plugin'
import { expect, test } from 'vitest'
import { testRecord } from '../../test/support/test-record.ts'
import { sliceRecords } from '../bulk/slice-records.ts'
import { indexNames } from '../indices/index-names.ts'
import { placeRecords } from './place-records.ts'

const place = (records: readonly CdrRecord[]) =>
  placeRecords(
    { records, begin: 10 },
    {
      server: { ask: () => Promise.reject(new Error('no request expected')), close: async () => {} },
      names: indexNames('cdr'),
      journalKnowsSinceMs: Number.NEGATIVE_INFINITY,
      signal: new AbortController().signal,
    },
  )

/** A record whose content throws when any part of it is read. */
const unreadable: CdrRecord = Object.defineProperties(
  {
    org: 'acme',
    key: 'unreadable',
    rank: 1,
    home: '2026-11-24',
    acceptedAtMs: 0,
    source: 'stream',
  } as CdrRecord,
  Object.fromEntries(
    ['text', 'fields', 'extra'].map((name) => [
      name,
      {
        get(): never {
          throw new TypeError('canary')
        },
      },
    ]),
  ),
)

test.each([
  ['a home before the year 2000', testRecord({ home: '1999-12-31' })],
  ['a home that is not a day', testRecord({ home: '2026-13-01' })],
  ['a negative rank', testRecord({ rank: -1 })],
  ['a rank that is not a number', testRecord({ rank: Number.NaN })],
  ['a rank that is not a safe integer', testRecord({ rank: 2 ** 60 })],
  ['content that cannot be read', unreadable],
])('a record with %s is refused, and the others are placed', async (_, bad) => {
  const { placed, refused } = await place([testRecord({ key: 'a' }), bad, testRecord({ key: 'b' })])
  expect(placed.map(({ index }) => index)).toEqual([10, 12])
  expect(refused).toEqual([{ index: 11, reason: expect.not.stringContaining('canary') }])
})

test('a batch is split into slices even if the text of a record cannot be read', () => {
  const records = [unreadable, testRecord({ key: 'a' })]
  const slices = [...sliceRecords(records, { bodyBytes: 100_000, concurrency: 2 })]
  expect(slices.flatMap((slice) => slice.records)).toEqual(records)
  expect([...sliceRecords([unreadable], { bodyBytes: 100_000, concurrency: 2 })].length).toBe(1)
})
