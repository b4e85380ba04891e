import { expect, test } from 'vitest'
import { splitExtra } from './split-extra.ts'

const split = (members: Readonly<Record<string, unknown>>) => {
  const { searchable, kept } = splitExtra(new Map(Object.entries(members)))
  return { searchable: JSON.parse(`{${searchable}}`), kept: JSON.parse(`{${kept}}`) }
}
const objects = (depth: number): unknown => (depth === 0 ? 'x' : { a: objects(depth - 1) })

test('every value that can be indexed stays in extra', () => {
  const members = {
    'New field': 'x',
    count: 7,
    list: [1, null, { a: true }],
    long: 'y'.repeat(1_000_000),
    '': 'e',
    'a.b': 1,
  }
  expect(split(members)).toEqual({ searchable: members, kept: {} })
})

test.each([
  ['NUL in a key', { 'a\0b': 1 }],
  ['NUL in a key within', { a: [{ 'b\0': 1 }] }],
  ['a key that is longer than a term may be', { ['k'.repeat(33_000)]: 1 }],
  ['keys that are so together', { ['k'.repeat(1_500)]: { ['l'.repeat(1_500)]: 1 } }],
  ['a key that is no text of Unicode', { 'a\ud800': 1 }],
  ['deep objects', { a: objects(20) }],
  ['deep lists', { a: JSON.parse('['.repeat(900) + ']'.repeat(900)) }],
])('%s would be refused, so it is kept beside', (_, members) => {
  expect(split({ ...members, other: 1 })).toEqual({ searchable: { other: 1 }, kept: members })
})

test('a key of the prototype is a key like any other', () => {
  const { searchable } = splitExtra(new Map([['__proto__', { polluted: true }]]))
  expect(searchable).toBe('"__proto__":{"polluted":true}')
})

test('what cannot be written as JSON at all is an error that the request builder knows', () => {
  expect(() => splitExtra(new Map([['a', JSON.parse('['.repeat(100_000) + ']'.repeat(100_000))]]))).toThrow(
    RangeError,
  )
})
