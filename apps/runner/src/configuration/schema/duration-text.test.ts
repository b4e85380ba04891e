import { expect, test } from 'vitest'
import { durationText } from './duration-text.ts'

test.each([
  [250, '250ms'],
  [1_000, '1s'],
  [90_000, '90s'],
  [7_200_000, '2h'],
  [600_000, '10m'],
])('%d ms is written as %s', (ms, text) => {
  expect(durationText(ms)).toBe(text)
})
