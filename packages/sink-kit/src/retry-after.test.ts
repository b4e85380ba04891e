import { expect, test } from 'vitest'
import { retryAfter } from './retry-after.ts'

test.each([
  ['0', { kind: 'retry', afterMs: 0 }],
  ['120', { kind: 'retry', afterMs: 120_000 }],
  ['-1', { kind: 'retry' }],
  ['', { kind: 'retry' }],
  ['Wed, 21 Oct 2026 07:28:00 GMT', { kind: 'retry' }],
  [['1', '2'], { kind: 'retry' }],
  [null, { kind: 'retry' }],
  [undefined, { kind: 'retry' }],
])('a Retry-After of %j becomes %j', (header, outcome) => {
  expect(retryAfter(header)).toStrictEqual(outcome)
})

test('the outcome includes the cause', () => {
  expect(retryAfter('1', 'status 429')).toStrictEqual({ kind: 'retry', afterMs: 1_000, cause: 'status 429' })
})
