import { objectMembers } from '@cdrstream/plugin'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitExtra } from './split-extra.ts'

const splitText = (text: string) =>
  splitExtra({ text, extra: new Map(Object.entries<unknown>(JSON.parse(text))) })
const split = (members: Readonly<Record<string, unknown>>) => {
  const { searchable, kept } = splitText(JSON.stringify(members))
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
  ['NUL in a nested key', { a: [{ 'b\0': 1 }] }],
  ['a key that is longer than a term', { ['k'.repeat(33_000)]: 1 }],
  ['nested keys that are together longer than a term', { ['k'.repeat(1_500)]: { ['l'.repeat(1_500)]: 1 } }],
  ['a key that is not well-formed', { 'a\ud800': 1 }],
  ['deeply nested objects', { a: objects(20) }],
  ['deeply nested lists', { a: JSON.parse('['.repeat(900) + ']'.repeat(900)) }],
])('a member with %s goes to extra_text, because Elasticsearch would reject it in extra', (_, members) => {
  expect(split({ ...members, other: 1 })).toEqual({ searchable: { other: 1 }, kept: members })
})

test('__proto__ is an ordinary key', () => {
  const { searchable } = splitText('{"__proto__":{"polluted":true}}')
  expect(searchable).toBe('"__proto__":{"polluted":true}')
})

test.each(['12345678901234567890', '1.0', '[1e5, {"a" : null}]', '"\\u00e9"'])(
  '%s stays in extra exactly as sent',
  (json) => {
    expect(splitText(`{"a":${json}}`)).toEqual({ searchable: `"a":${json}`, kept: '' })
  },
)

test.each([
  '1e400',
  '-0',
  '9'.repeat(2_000),
  '{"a":1,"a":2}',
  '1,"a":2',
  '['.repeat(100_000) + ']'.repeat(100_000),
])('a value that parsers read differently goes to extra_text exactly as sent: %.20s', (json) => {
  expect(splitText(`{"a":${json}}`)).toEqual({ searchable: '', kept: `"a":${json}` })
})

test('every value is in extra or extra_text exactly as sent', () => {
  const number = fc.constantFrom('12345678901234567890', '1.0', '-0', '1e5', '1e400', '0.12345678901234567')
  const value = fc.oneof(
    number,
    fc.json(),
    fc.array(fc.tuple(fc.constantFrom('"a"', '"\\u0061"'), number), { maxLength: 2 }).map(objectOf),
  )
  const name = fc.string({ unit: 'binary' })
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(name, value), { selector: ([key]) => key }), (sent) => {
      const { searchable, kept } = splitText(
        objectOf(sent.map(([key, json]) => [JSON.stringify(key), json] as const)),
      )
      expect(new Map([...membersOf(searchable), ...membersOf(kept)])).toEqual(new Map(sent))
    }),
  )
})

function objectOf(members: readonly (readonly [string, string])[]): string {
  return `{${members.map(([key, json]) => `${key}:${json}`).join()}}`
}

/** Returns the JSON text of each member of an object, given without its braces. */
function membersOf(members: string): ReadonlyMap<string, string> {
  const json = `{${members}}`
  return new Map(
    objectMembers(json).map(({ name, valueAt, toAt }) => [name, json.slice(valueAt, toAt)] as const),
  )
}
