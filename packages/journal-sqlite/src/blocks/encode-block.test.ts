import { randomBytes } from 'node:crypto'
import { wholeMs } from '@cdrstream/core'
import { expect, test } from 'vitest'
import { exampleRecord } from '../../test/support/example-page.ts'
import { decodeBlock, recordAt } from './decode-block.ts'
import { encodeBlocks } from './encode-block.ts'

test('blocks keep the order of their records, even if the first one compresses last', async () => {
  const texts = [
    randomBytes(2_000_000).toString('hex'),
    ...['a', 'b', 'c'].map((one) => one.repeat(4_000_000)),
  ]
  const records = texts.map((text, at) => ({
    ...exampleRecord(`${at}`, { acceptedAtMs: wholeMs(at) }, 1),
    bytes: Buffer.from(text),
  }))
  const blocks = await encodeBlocks(records)
  expect(blocks.map(({ columns }) => columns.key)).toEqual(records.map(({ key }) => [key]))
})

test('a block stores which of its records were superseded when they were accepted', async () => {
  const records = [true, false, true].map((isSuperseded, at) => exampleRecord(`${at}`, { isSuperseded }))
  const [block] = await encodeBlocks(records)
  if (block === undefined) throw new Error('no block')
  const { acceptedAtMs, decodedBytes, payload } = block
  const row = {
    firstOffset: 1,
    lastOffset: records.length,
    org: 'acme',
    commit: 'a',
    acceptedAtMs,
    decodedBytes,
    payloadBytes: payload.length,
  }
  const decoded = await decodeBlock(row, payload)
  expect([1, 2, 3].map((offset) => recordAt(decoded, offset, 'this').isSuperseded)).toEqual([
    true,
    false,
    true,
  ])
})
