import fc from 'fast-check'
import { expect, test } from 'vitest'
import { safeWords } from './safe-words.ts'

test.each([
  ['  two\r\n\tlines\u2028here\u0000 ', 'two lines here'],
  ['a\u001b[31mred\u202e\u200btxt', 'a [31mredtxt'],
  ['token canary1 and canary1!', 'token [secret] and [secret]!'],
  ['Authorization: bearer other-token rejected', 'Authorization: Bearer [secret] rejected'],
  ['', ''],
])('%j reads %j', (words, line) => {
  expect(safeWords(words, 'canary1')).toBe(line)
})

test('no secret does not mean the empty one', () => {
  expect(safeWords('abc', '')).toBe('abc')
})

test('never longer than 200 characters, never with the secret, never half a character', () => {
  const secret = 'canary-1234567890'
  const words = fc
    .array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(secret, '😀', 'x'.repeat(190))))
    .map((parts) => parts.join(''))
  fc.assert(
    fc.property(words, (text) => {
      const safe = safeWords(text, secret)
      expect(safe.length).toBeLessThanOrEqual(200)
      expect(safe.isWellFormed()).toBe(true)
      expect(safe).not.toMatch(/canary-1234567890|\p{Cc}/u)
    }),
  )
})
