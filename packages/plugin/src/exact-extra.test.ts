import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { exactExtra } from './exact-extra.ts'

const exact = (text: string, unheld: readonly (readonly [string, unknown])[] = []) => {
  const known = new Set(unheld.map(([name]) => name))
  const extra = new Map(Object.entries(JSON.parse(text)).filter(([name]) => !known.has(name)))
  return exactExtra({ text, extra }, unheld)
}
const isPlain = (json: string) => exact(`{"a":${json}}`)[0]?.isPlain

describe('the members of extra', () => {
  test('keep the exact text that the API sent', () => {
    const scalar = fc.constantFrom('12345678901234567890', '1e400', '-0', '1.0', '1E+5', '"\\u00e9"', 'null')
    const { value } = fc.letrec<{ value: string }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        scalar,
        fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
        fc
          .array(fc.tuple(fc.constantFrom('"a"', '"\\u0061"', '"b"'), tie('value')), { maxLength: 3 })
          .map((members) => `{ ${members.map(([name, item]) => `${name} : ${item}`).join()} }`),
      ),
    }))
    const name = fc.string({ unit: 'binary', minLength: 1 })
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(name, value), { selector: ([key]) => key }), (entries) => {
        const text = `{${entries.map(([key, json]) => `${JSON.stringify(key)}:${json}`).join()}}`
        const members = new Map(exact(text).map((member) => [member.name, member.texts]))
        expect(members).toEqual(new Map(entries.map(([key, json]) => [key, [json]])))
      }),
    )
  })

  test('include every value of a repeated name', () => {
    expect(exact('{"a":1,"b":2,"a":[3]}')).toMatchObject([
      { name: 'a', texts: ['1', '[3]'], isPlain: false },
      { name: 'b', texts: ['2'], isPlain: true },
    ])
  })

  test('are not confused with strings and nested keys that equal their names', () => {
    expect(exact('{"b":{"a":1},"\\u0061":2}')).toMatchObject([{ texts: ['{"a":1}'] }, { texts: ['2'] }])
    expect(exact('{"b":"a","a":"b"}')).toMatchObject([{ texts: ['"a"'] }, { texts: ['"b"'] }])
    expect(exact('{"b":{"a":1},"a":2}')).toMatchObject([{ texts: ['{"a":1}'] }, { texts: ['2'] }])
    expect(exact('{"b":["a"],"a" : 2}')).toMatchObject([{ texts: ['["a"]'] }, { texts: ['2'] }])
  })

  test('have no line breaks and can be encoded as UTF-8', () => {
    expect(exact('{"a":{\n "b":\r\n[1,\n2]},"c":"\ud800"}')).toMatchObject([
      { texts: ['{  "b":  [1, 2]}'] },
      { texts: ['"\\ud800"'] },
    ])
  })

  test('include fields that a column cannot hold, in any spelling that the API used', () => {
    const times = [['Start time', -62_167_219_200_000]] as const

    expect(exact('{"Start time":"0000-01-01T00:00:00Z"}', times)).toMatchObject([
      { name: 'Start time', texts: ['"0000-01-01T00:00:00Z"'] },
    ])
    expect(
      exactExtra({ text: '{"Start time":"","START TIME":"0000-01-01T00:00:00Z"}', extra: new Map() }, times),
    ).toMatchObject([{ name: 'Start time', texts: ['"0000-01-01T00:00:00Z"'] }])
    expect(
      exactExtra({ text: '{"Called line ID":"NA","called line id":"Ann"}', extra: new Map() }, [
        ['Called line ID', 'Ann'],
      ]),
    ).toMatchObject([{ texts: ['"Ann"'] }])
    expect(exactExtra({ text: '{}', extra: new Map() }, times)).toMatchObject([
      { texts: ['-62167219200000'] },
    ])
  })
})

describe('a value', () => {
  test.each([
    '12345678901234567890',
    '1.0',
    '-1',
    '-0.5',
    '1e99',
    '0.00123456789012345',
    '0.0',
    '{"a":1,"b":{"a":1}}',
    '[{"a":1},{"a":2}]',
    '"-0 1e400"',
    '"{\\"a\\":1,\\"a\\":1}"',
    '{"a":"b","b":"a"}',
  ])('is plain: %s', (json) => {
    expect(isPlain(json)).toBe(true)
  })

  test.each([
    '-0',
    '-0.0',
    '-0e5',
    '1e400',
    '1E-100',
    '-1e+999',
    '[1,[-0]]',
    '9'.repeat(401),
    '0.1234567890123456',
    '12345678901234567890.5',
    '123456789012345678e1',
    '{"a":1,"a":1}',
    '[{"a":{"b":1,"\\u0062":2}}]',
  ])('is not plain: %s', (json) => {
    expect(isPlain(json)).toBe(false)
  })

  test('can be nested to any depth', () => {
    const depth = 100_000

    expect(exact(`{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`)).toMatchObject([{ depth, isPlain: true }])
    expect(exact('{"a":[[1],2],"b":1}').map((member) => member.depth)).toEqual([2, 0])
  })
})
