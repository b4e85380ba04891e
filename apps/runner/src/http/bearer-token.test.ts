import * as crypto from 'node:crypto'
import { expect, test, vi } from 'vitest'
import { Secret } from '../configuration/secret.ts'
import { tokenCheck } from './bearer-token.ts'

vi.mock('node:crypto', { spy: true })

const accepts = tokenCheck(new Secret('canary-0123456789'))

test.each(['Bearer canary-0123456789', 'bearer canary-0123456789', 'BEARER  canary-0123456789 '])(
  'the token is accepted as %s',
  (header) => {
    expect(accepts(header)).toBe(true)
  },
)

test.each([
  undefined,
  '',
  'Bearer',
  'Bearer ',
  'canary-0123456789',
  'Basic canary-0123456789',
  'Bearer canary-012345678',
  'Bearer canary-01234567890',
  'Bearer CANARY-0123456789',
  'Bearer canary-0123456789, Bearer x',
])('%s is refused', (header) => {
  expect(accepts(header)).toBe(false)
})

test('tokens of any length are compared in constant time', () => {
  const compare = vi.mocked(crypto.timingSafeEqual).mockClear()
  for (const token of ['x', 'canary-0123456789', 'x'.repeat(1_000)]) accepts(`Bearer ${token}`)

  expect(compare.mock.calls.map(([one, other]) => [one.byteLength, other.byteLength])).toEqual(
    Array(3).fill([32, 32]),
  )
})

test('without a configured token, every request is accepted', () => {
  expect(tokenCheck(undefined)(undefined)).toBe(true)
})
