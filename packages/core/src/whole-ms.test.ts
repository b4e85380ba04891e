import { describe, expect, test } from 'vitest'
import { wholeMs } from './whole-ms.ts'

describe('wholeMs', () => {
  test.each([
    [0, 0],
    [1_790_000_000_000.75, 1_790_000_000_000],
    [-0.5, -1],
  ])('%d → %d', (ms, whole) => {
    expect(wholeMs(ms)).toBe(whole)
  })

  test.each([Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60])('%d is not a time → RangeError', (ms) => {
    expect(() => wholeMs(ms)).toThrow(RangeError)
  })
})
