import { expect, test } from 'vitest'
import { parseRetryAfterMs } from './parse-retry-after.ts'

test.each([
  ['0', 0],
  ['120', 120_000],
  ['-1', undefined],
  ['', undefined],
  ['Wed, 21 Oct 2026 07:28:00 GMT', undefined],
  [['1', '2'], undefined],
  [null, undefined],
  [undefined, undefined],
])('a Retry-After of %j is %j ms', (header, ms) => {
  expect(parseRetryAfterMs(header)).toBe(ms)
})
