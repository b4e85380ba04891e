import type { Refusal } from '@cdrstream/plugin'
import { describe, expect, test } from 'vitest'
import { testRecord, testRecords } from '../../test/support/test-record.ts'
import { BodyWriter } from './body-writer.ts'
import { buildBulkRequests, halveBulkRequest, type PlacedRecord } from './build-bulk-request.ts'
import { sliceRecords } from './slice-records.ts'

const placed = (records: ReturnType<typeof testRecords>): readonly PlacedRecord[] =>
  records.map((record, index) => ({
    record,
    index,
    id: record.key,
    indexName: 'cdr-2026.11',
    home: record.home,
  }))

function build(records: ReturnType<typeof testRecords>, bodyBytes: number) {
  const refused: Refusal[] = []
  const bodies = [
    ...buildBulkRequests(placed(records), bodyBytes, new BodyWriter(), (refusal) => refused.push(refusal)),
  ]
  return { bodies, refused }
}

const keysIn = (bytes: Buffer) =>
  bytes
    .toString()
    .trimEnd()
    .split('\n')
    .flatMap((line, at) => (at % 2 === 1 ? [JSON.parse(line).key] : []))

describe('a bulk request', () => {
  test('uses the rank as the version, so that a lower rank never replaces a higher one', () => {
    const { bodies } = build([testRecord({ rank: 7 })], 100_000)
    const [action] = bodies[0]?.bytes.toString().split('\n') ?? []
    expect(JSON.parse(action ?? '')).toEqual({
      index: { _index: 'cdr-2026.11', _id: 'one', version: 7, version_type: 'external' },
    })
  })

  test('has at most `bodyBytes`, and keeps the records of a batch in order', () => {
    const records = testRecords(200, { content: { User: 'Zoë 😀' } })
    const { bodies } = build(records, 10_000)
    expect(bodies.length).toBeGreaterThan(3)
    expect(Math.max(...bodies.map(({ bytes }) => bytes.length))).toBeLessThanOrEqual(10_000)
    expect(bodies.flatMap(({ indexes }) => indexes)).toEqual([...records.keys()])
    expect(bodies.flatMap(({ bytes }) => keysIn(bytes))).toEqual(records.map(({ key }) => key))
  })

  test('has only one record if the record is larger than `bodyBytes`', () => {
    const large = testRecord({ key: 'large', content: { User: 'x'.repeat(20_000) } })
    const { bodies } = build([testRecord({ key: 'a' }), large, testRecord({ key: 'b' })], 10_000)
    expect(bodies.map(({ bytes }) => keysIn(bytes))).toEqual([['a'], ['large'], ['b']])
  })

  test('omits records that cannot be encoded, and reports their indexes', () => {
    const broken = testRecord({ text: '{"Report ID":' })
    const deep = testRecord({ text: `{"z":${'['.repeat(100_000)}${']'.repeat(100_000)}}` })
    const { bodies, refused } = build(
      [testRecord({ key: 'a' }), deep, broken, testRecord({ key: 'b' })],
      100_000,
    )
    expect(refused.map(({ index }) => index)).toEqual([2])
    expect(bodies.flatMap(({ indexes }) => indexes)).toEqual([0, 1, 3])
  })

  test('can be split in half without being built again', () => {
    const { bodies } = build(testRecords(5), 100_000)
    const [whole] = bodies
    if (whole === undefined) throw new Error('no body')
    const halves = halveBulkRequest(whole)
    expect(Buffer.concat(halves.map(({ bytes }) => bytes))).toEqual(whole.bytes)
    expect(halves.map(({ bytes }) => keysIn(bytes))).toEqual([
      ['key-0', 'key-1'],
      ['key-2', 'key-3', 'key-4'],
    ])
    const [, quarter] = halveBulkRequest(halves[1])
    expect(quarter.indexes).toEqual([3, 4])
    expect(quarter.ends.at(-1)).toBe(quarter.bytes.length)
  })
})

test('the slices of a batch cover it in order, and there are enough for every connection', () => {
  const records = testRecords(4_000, { content: { User: 'x'.repeat(1_000) } })
  const slices = [...sliceRecords(records, { bodyBytes: 5_000_000, concurrency: 2 })]
  expect(slices.flatMap((slice) => slice.records)).toEqual(records)
  expect(slices.map(({ begin }) => records[begin])).toEqual(slices.map((slice) => slice.records[0]))
  expect(slices.length).toBe(8)
})
