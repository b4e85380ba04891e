import { expect, test } from 'vitest'
import { showBytes, showCount, showSpan } from './show-amount.ts'

test.each([
  [0, '0 s'],
  [74.4, '74 s'],
  [120, '2 m'],
  [3_599, '59 m 59 s'],
  [11_520, '3 h 12 m'],
  [172_800, '2 d'],
  [180_000, '2 d 2 h'],
  [-5, '0 s'],
])('%d seconds are shown as %s', (seconds, shown) => {
  expect(showSpan(seconds)).toBe(shown)
})

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [12_345, '12.3 KB'],
  [20e9, '20.0 GB'],
])('%d bytes are shown as %s', (bytes, shown) => {
  expect(showBytes(bytes)).toBe(shown)
})

test('a count of one is singular, and others are plural', () => {
  expect([showCount(1, 'record'), showCount(12_345, 'record')]).toEqual(['1 record', '12,345 records'])
})
