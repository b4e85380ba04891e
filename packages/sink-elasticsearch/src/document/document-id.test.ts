import fc from 'fast-check'
import { expect, test } from 'vitest'
import { documentId } from './document-id.ts'

/** Any UTF-16 code unit, including a lone surrogate. */
const anyUnit = fc.nat(0xffff).map((code) => String.fromCharCode(code))

test('an id is readable', () => {
  expect(documentId('acme', '8f2e')).toBe('acme:8f2e')
})

test('no two pairs of org and key have the same id', () => {
  const part = fc.oneof(
    fc.string({ unit: fc.constantFrom('a', ':', '%', '3', 'A', '2', '5', '\ud800', '\udfff', '') }),
    fc.string({ unit: anyUnit, maxLength: 20 }),
  )
  fc.assert(
    fc.property(part, part, part, part, (org, key, otherOrg, otherKey) => {
      fc.pre(org !== otherOrg || key !== otherKey)
      expect(documentId(org, key)).not.toBe(documentId(otherOrg, otherKey))
    }),
  )
  expect(documentId('a:b', 'c')).not.toBe(documentId('a', 'b:c'))
  expect(documentId('a%3Ab', 'c')).not.toBe(documentId('a:b', 'c'))
  expect(documentId('a', '\ud800')).not.toBe(documentId('a', '\ud801'))
})

test('an id is never empty, and never exceeds the limit of 512 bytes', () => {
  fc.assert(
    fc.property(fc.string({ unit: anyUnit, maxLength: 20 }), fc.nat(300), (text, times) => {
      const id = documentId(text, text.repeat(times))
      expect(Buffer.byteLength(id)).toBeLessThanOrEqual(512)
      expect(id).not.toBe('')
      expect(id.isWellFormed()).toBe(true)
    }),
  )
  expect(documentId('a', 'k'.repeat(510))).toBe(`a:${'k'.repeat(510)}`)
  expect(documentId('a', 'k'.repeat(511))).toMatch(/^sha256-[0-9a-f]{64}$/)
})
