import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseByteSize } from './byte-size.ts'

describe('parseByteSize', () => {
  it.each([
    ['0B', 0],
    ['500B', 500],
    ['64KB', 64_000],
    ['128MB', 128_000_000],
    ['20GB', 20_000_000_000],
    ['1TB', 1_000_000_000_000],
  ])('reads %s as %d bytes', (text, bytes) => {
    expect(parseByteSize(text)).toBe(bytes)
  })

  it.each([
    '',
    '128',
    'MB',
    '1.5GB',
    '-1MB',
    '128 MB',
    ' 1B',
    '1B\n',
    '1mb',
    '1KiB',
    '1K',
    '1PB',
    '１MB',
    '1e3B',
  ])('returns undefined for %j', (text) => {
    expect(parseByteSize(text)).toBeUndefined()
  })

  it('returns undefined for more bytes than a double holds exactly', () => {
    expect(parseByteSize(`${Number.MAX_SAFE_INTEGER}B`)).toBe(Number.MAX_SAFE_INTEGER)
    expect(parseByteSize(`${Number.MAX_SAFE_INTEGER}KB`)).toBeUndefined()
    expect(parseByteSize('9008TB')).toBeUndefined()
  })

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const bytes = parseByteSize(text)
        expect(bytes === undefined || (Number.isSafeInteger(bytes) && bytes >= 0)).toBe(true)
      }),
    )
  })
})
