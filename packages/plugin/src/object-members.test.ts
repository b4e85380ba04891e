import fc from 'fast-check'
import { expect, test } from 'vitest'
import { objectMembers } from './object-members.ts'

function membersOf(text: string) {
  return objectMembers(text).map(({ name, valueAt, toAt }) => [name, JSON.parse(text.slice(valueAt, toAt))])
}

const space = fc.constantFrom('', ' ', '\n', '\t \r\n')

test('they are what JSON.parse finds, however the text is written', () => {
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

test('a name that comes twice is there twice, and one with escapes is read', () => {
  expect(membersOf('{"a":1,"a":[{"b":"]}"}],"\\u0061\\"":-1e5}')).toEqual([
    ['a', 1],
    ['a', [{ b: ']}' }]],
    ['a"', -1e5],
  ])
})

test('a value as deep as JSON.parse takes it does not matter', () => {
  const depth = 5_000

  expect(objectMembers(`{"a":${'['.repeat(depth)}${']'.repeat(depth)},"b":0}`)).toHaveLength(2)
})

test.each(['', '[]', 'null', '{', '{"a', '{"a":', '{"a":"', '{"a":[', '{"a":1', '{"a":1,'])(
  '%j is no object',
  (text) => {
    expect(() => objectMembers(text)).toThrow(SyntaxError)
  },
)
