import { randomBytes } from 'node:crypto'
import { wholeMs } from '@cdrstream/core'
import { expect, test } from 'vitest'
import { exampleRecord } from '../../test/support/example-page.ts'
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
