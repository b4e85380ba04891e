import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDurationMs } from './duration.ts'

describe('parseDurationMs', () => {
  it.each([
    ['0s', 0],
    ['250ms', 250],
    ['60s', 60_000],
    ['5m', 300_000],
    ['2h', 7_200_000],
    ['30d', 2_592_000_000],
    ['007s', 7_000],
  ])('reads %s as %d ms', (text, ms) => {
    expect(parseDurationMs(text)).toBe(ms)
  })

  it.each([
    '',
    '60',
    's',
    '1.5h',
    '-1s',
    '+1s',
    '1 s',
    ' 1s',
    '1s ',
    '1s\n',
    '1S',
    '1w',
    '1h30m',
    '１s',
    '1e3s',
    '0x1s',
  ])('returns undefined for %j', (text) => {
    expect(parseDurationMs(text)).toBeUndefined()
  })

  it('returns undefined for more milliseconds than a double holds exactly', () => {
    expect(parseDurationMs(`${Number.MAX_SAFE_INTEGER}ms`)).toBe(Number.MAX_SAFE_INTEGER)
    expect(parseDurationMs(`${Number.MAX_SAFE_INTEGER}s`)).toBeUndefined()
    expect(parseDurationMs(`${'9'.repeat(400)}d`)).toBeUndefined()
  })

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const ms = parseDurationMs(text)
        expect(ms === undefined || (Number.isSafeInteger(ms) && ms >= 0)).toBe(true)
      }),
    )
  })
})
