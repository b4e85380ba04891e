import { expect, test } from 'vitest'
import { judgeClock } from './judge-clock.ts'

const dateMs = 1_000_000_000

test.each([
  ['within the round trip', 0, 500, 'clock-right'],
  ['behind by less than a header can show', -4_000, -3_500, 'clock-right'],
  ['behind', -60_000, -59_500, 'clock-off'],
  ['ahead', 60_000, 60_500, 'clock-off'],
  ['within a long round trip', -20_000, 20_000, 'clock-right'],
])('a clock that is %s is judged correctly', (_, sentMs, answeredMs, expected) => {
  expect(judgeClock(dateMs, dateMs + sentMs, dateMs + answeredMs).code).toBe(expected)
})

test('a response without a date gives no result', () => {
  expect(judgeClock(null, dateMs, dateMs)).toMatchObject({ level: 'not-checked', code: 'no-date' })
})
