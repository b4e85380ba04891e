import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { isWeakKey } from './weak-key.ts'

test.each([
  'aaaaaaaaaaaaaaaa',
  '0'.repeat(64),
  '\u{1f511}'.repeat(16),
  'abababababababab',
  'aaaaaaaabbbbbbbb',
  'passwordpassword',
  'changemechangemechange',
  '1234567890123456',
  '9876543210987654',
  'abcdefghijklmnopqrstuvwxyz',
  '0123456789abcdef',
  'abcdefgh12345678',
])('the key %s is weak', (key) => {
  expect(isWeakKey(key)).toBe(true)
})

test.each(['hex', 'base64', 'base64url'] as const)('no random key in %s is weak', (encoding) => {
  const keys = Array.from({ length: 2_000 }, () => randomBytes(16).toString(encoding))

  expect(keys.filter(isWeakKey)).toEqual([])
})

test.each(['canary-key-of-masking', 'correct horse battery staple', '8305167294816350'])(
  'the key %s is not weak',
  (key) => {
    expect(isWeakKey(key)).toBe(false)
  },
)
