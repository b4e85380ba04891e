import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packText, unpackText } from './compact-text.ts'

const hexadecimal = fc.stringMatching(/^[0-9a-f]{32}$/)
const anyText = fc.oneof(
  fc.uuid(),
  fc.uuid().map((uuid) => uuid.toUpperCase()),
  hexadecimal,
  hexadecimal.map((digits) => `content:${digits}`),
  fc.string({ unit: 'binary', maxLength: 40 }),
)

test('a text comes back as it was packed', () => {
  fc.assert(fc.property(anyText, (text) => unpackText(packText(text)) === text))
})

test('distinct texts stay distinct, also a text that has the bytes of a packed UUID', () => {
  const uuid = '61626364-6566-6768-696a-6b6c6d6e6f70'
  const sameBytes = packText(uuid).subarray(1).toString('latin1')
  expect(packText(sameBytes).equals(packText(uuid))).toBe(false)
  expect(packText(uuid.replaceAll('-', '')).equals(packText(uuid))).toBe(false)
})

test('a UUID and a fingerprint take 17 bytes', () => {
  fc.assert(fc.property(fc.uuid(), (uuid) => packText(uuid).length === 17))
  fc.assert(fc.property(hexadecimal, (digits) => packText(digits).length === 17))
})
