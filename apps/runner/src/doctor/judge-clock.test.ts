import { expect, test } from 'vitest'
import { judgeClock } from './judge-clock.ts'

const dateMs = 1_000_000_000

test.each([
  ['between sending and arrival', 0, 500, 'clock-right'],
  ['behind by what a header can hide', -4_000, -3_500, 'clock-right'],
  ['behind', -60_000, -59_500, 'clock-off'],
  ['ahead', 60_000, 60_500, 'clock-off'],
  ['on a line too slow to tell', -20_000, 20_000, 'clock-right'],
])('our clock is %s', (_, sentMs, answeredMs, expected) => {
  expect(judgeClock(dateMs, dateMs + sentMs, dateMs + answeredMs).code).toBe(expected)
})

test('an answer without a date gives no result', () => {
  expect(judgeClock(null, dateMs, dateMs)).toMatchObject({ level: 'not-checked', code: 'no-date' })
})
