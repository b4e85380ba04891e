import { expect, test } from 'vitest'
import { readHttpDate } from './read-http-date.ts'
import { readRetryAfter } from './read-retry-after.ts'

const dateMs = Date.UTC(2026, 8, 24, 7, 49, 10)

test.each([
  [undefined, null],
  ['', null],
  ['0', 0],
  [' 61 ', 61_000],
  ['1.2', 1_200],
  ['-5', null],
  ['1e9', null],
  ['0x10', null],
  ['60s', null],
  ['99999999999999999999', 86_400_000],
  ['Thu, 24 Sep 2026 07:50:10 GMT', 60_000],
  ['Thu, 24 Sep 2026 07:00:00 GMT', 0],
  ['Thu, 24 Sep 2099 07:00:00 GMT', 86_400_000],
  ['tomorrow 12', null],
])('a Retry-After of %j is a wait of %j ms', (text, ms) => {
  expect(readRetryAfter(text, dateMs)).toBe(ms)
})

test.each([
  [undefined, null],
  ['Thu, 24 Sep 2026 07:49:10 GMT', dateMs],
  ['thu, 24 sep 2026 07:49:10 gmt', dateMs],
  ['2026-09-24T07:49:10Z', null],
  ['Thu, 24 Sep 2026 07:49:10', null],
  ['Thu, 99 Sep 2026 07:49:10 GMT', null],
  ['12', null],
])('the HTTP date %j parses to %j', (text, ms) => {
  expect(readHttpDate(text)).toBe(ms)
})
