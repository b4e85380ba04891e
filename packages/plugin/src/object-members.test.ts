import fc from 'fast-check'
import { expect, test } from 'vitest'
import { objectMembers } from './object-members.ts'

function membersOf(text: string) {
  return objectMembers(text).map(({ name, valueAt, toAt }) => [name, JSON.parse(text.slice(valueAt, toAt))])
}

const space = fc.constantFrom('', ' ', '\n', '\t \r\n')

test('objectMembers finds the same members as JSON.parse, regardless of formatting', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string({ unit: 'binary' }), fc.jsonValue())), space, (entries, gap) => {
      const members = entries.map(
        ([name, value]) => `${JSON.stringify(name)}${gap}:${gap}${JSON.stringify(value, null, gap)}`,
      )
      const text = `${gap}{${gap}${members.join(`${gap},${gap}`)}${gap}}${gap}`

      expect(membersOf(text)).toEqual(
        entries.map(([name, value]) => [name, JSON.parse(JSON.stringify(value))]),
      )
    }),
  )
})

test('objectMembers returns every occurrence of a repeated name, and unescapes names', () => {
  expect(membersOf('{"a":1,"a":[{"b":"]}"}],"\\u0061\\"":-1e5}')).toEqual([
    ['a', 1],
    ['a', [{ b: ']}' }]],
    ['a"', -1e5],
  ])
})

test('objectMembers reads values that are nested thousands of levels deep', () => {
  const depth = 5_000

  expect(objectMembers(`{"a":${'['.repeat(depth)}${']'.repeat(depth)},"b":0}`)).toHaveLength(2)
})

test.each(['', '[]', 'null', '{', '{"a', '{"a":', '{"a":"', '{"a":[', '{"a":1', '{"a":1,'])(
  'objectMembers throws a SyntaxError for %j, which is not a JSON object',
  (text) => {
    expect(() => objectMembers(text)).toThrow(SyntaxError)
  },
)
