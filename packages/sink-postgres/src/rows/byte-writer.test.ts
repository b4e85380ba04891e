import { expect, test } from 'vitest'
import { ByteWriter } from './byte-writer.ts'

test('parts stay as they were written until the next beginning, however much comes behind them', () => {
  const writer = new ByteWriter()
  for (let round = 0; round < 2; round += 1) {
    writer.begin()
    const parts: Buffer[] = []
    // 3.6 MB, with one value that is larger than all that is reserved at once.
    const texts = Array.from({ length: 60 }, (_, at) => `${at}`.repeat(at === 30 ? 750_000 : 20_000))
    for (const [at, text] of texts.entries()) {
      expect(writer.text(text)).toBe(true)
      if (at % 3 === 2) parts.push(writer.take())
    }
    const all = Buffer.concat(parts)
    let start = 0
    for (const text of texts) {
      const length = all.readInt32BE(start)
      expect(all.toString('utf8', start + 4, start + 4 + length) === text).toBe(true)
      start += 4 + length
    }
    expect(start).toBe(all.length)
  }
})
