import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson } from './canonical-json.ts'

test('canonical JSON represents the same value', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const value: unknown = JSON.parse(text)
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})

test('canonical JSON has sorted keys', () => {
  expect(canonicalJson({ b: [{ d: 1, c: 'x' }], a: {}, B: null, '': true })).toBe(
    '{"":true,"B":null,"a":{},"b":[{"c":"x","d":1}]}',
  )
})

test('canonical JSON distinguishes infinity from null', () => {
  expect(canonicalJson(JSON.parse('[1e999, -1e999, null]'))).toBe('[Infinity,-Infinity,null]')
})

test('canonical JSON accepts the own property __proto__', () => {
  expect(canonicalJson(JSON.parse('{"b":1,"__proto__":[2]}'))).toBe('{"__proto__":[2],"b":1}')
})

test('canonical JSON accepts any depth', () => {
  const depth = 1_000_000
  const text = '['.repeat(depth) + ']'.repeat(depth)
  expect(canonicalJson(JSON.parse(text)) === text).toBe(true)
})

test('canonical JSON accepts any length', () => {
  const text = `[${'[1,"a"],'.repeat(100_000)}{}]`
  expect(canonicalJson(JSON.parse(text)) === text).toBe(true)
})
