import type { Item } from '@cdrstream/engine'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { splitItems } from './split-items.ts'

const asIs = (item: Item) => item
const noTurn = async () => {}

const splitText = (page: string) => splitItems(Buffer.from(page), asIs, noTurn)

/** What the bytes of an item say. */
const decoded = ({ bytes }: Item) => Buffer.from(bytes).toString()

/** What JSON.parse makes of the page, as the truth to compare with. */
function parsedItems(page: string): readonly unknown[] | undefined {
  try {
    const { items } = JSON.parse(page)
    return Array.isArray(items) ? items : undefined
  } catch {
    return undefined
  }
}

async function expectAgreement(page: string): Promise<void> {
  const split = await splitText(page)
  // A lone surrogate does not survive the encoding.
  const truth = parsedItems(Buffer.from(page).toString())
  if (truth === undefined) {
    expect(split.kind).toBe('malformed')
    return
  }
  if (split.kind !== 'items') throw new Error(split.detail)
  expect(split.items.map(({ value }) => value)).toEqual(truth)
  expect(split.items.map(({ text }) => JSON.parse(text))).toEqual(truth)
  expect(split.items.map(decoded)).toEqual(split.items.map(({ text }) => text))
}

test('each item comes with its exact text, the same as bytes, and its value', async () => {
  const first = '{ "Duration" : 1.0, "a\\u0041" : "\\/" }'
  const second = '{"Duration":1e2,"Duration":2}'
  expect(await splitText(`{"items":[${first} ,\n${second}]}`)).toEqual({
    kind: 'items',
    items: [
      { text: first, bytes: Buffer.from(first), value: { Duration: 1, aA: '/' } },
      { text: second, bytes: Buffer.from(second), value: { Duration: 2 } },
    ],
    hasErrors: false,
  })
})

test.each([
  ['{"items":[],"errors":[{"description":"no"}]}', true],
  ['{"errors":["no"],"items":[1]}', true],
  ['{"errors":[],"items":[]}', false],
  ['{"items":[{"errors":["no"]}],"errors":null}', false],
])('errors beside the items are noticed: %s', async (page, hasErrors) => {
  expect(await splitText(page)).toMatchObject({ kind: 'items', hasErrors })
})

test('the bytes of each item are its text, however many of them a character takes', async () => {
  const texts = ['{"User":"Zoë"}', '{"東京":{"User":"東京"}}', '"📞"', '["ë東📞"]', '{"User":"\\ud83d"}', '1']
  const split = await splitText(`{"ë":"東📞","items":[${texts.join()}],"📞":"東ë"}`)
  if (split.kind !== 'items') throw new Error(split.detail)
  expect(split.items.map(({ text }) => text)).toEqual(texts)
  expect(split.items.map(decoded)).toEqual(texts)
})

test('whatever stands in the list is an item', async () => {
  const texts = [
    'null',
    'true',
    '-0.5e-7',
    '""',
    '"}],{\\"\\\\"',
    '[]',
    '[[1],{"a":"]"}]',
    '{}',
    '{"a":{"b":{}},"c":"}"}',
    '{"__proto__":{"x":1}}',
  ]
  const split = await splitText(`{"items":[${texts.join(',')}]}`)
  expect(split.kind === 'items' && split.items.map(({ text }) => text)).toEqual(texts)
})

describe('pages of another shape', () => {
  test.each([
    ['no items', '{"items":[]}'],
    ['white space anywhere', ' \r\n{\t"items" : [ \n {"a":1} , 2 ] } \n'],
    ['keys before', '{"next":null,"meta":{"items":[9]},"items":[1]}'],
    ['keys behind', '{"items":[1],"meta":["}"],"count":1}'],
    ['the key written in another way', '{"\\u0069tems":[1]}'],
    ['of a repeated key the last counts', '{"items":[1],"items":[2,3]}'],
    ['of a repeated key the last counts, also when it is no list', '{"items":[1],"items":{}}'],
    ['of a repeated key the last counts, also when the first is no list', '{"items":"x","items":[1]}'],
    ['nothing', ''],
    ['blank', '  '],
    ['empty object', '{}'],
    ['a list', '[{"items":[]}]'],
    ['null', 'null'],
    ['a web page', '<html>{"items":[]}</html>'],
    ['items is no list', '{"items":{"0":1}}'],
    ['items lies deeper', '{"data":{"items":[1]}}'],
    ['cut in a record', '{"items":[{"a":1},{"b":'],
    ['cut behind a record', '{"items":[{"a":1},{"b":2}'],
    ['cut behind the list', '{"items":[{"a":1}]'],
    ['more behind', '{"items":[]}{"items":[]}'],
    ['a closing bracket behind', '{"items":[]}]'],
    ['a comma at the end of the list', '{"items":[1,]}'],
    ['a comma at the end of the object', '{"items":[1],}'],
    ['a comma at the beginning', '{"items":[,1]}'],
    ['no comma', '{"items":[1 2]}'],
    ['no comma between records', '{"items":[{"a":1}{"b":2}]}'],
    ['no colon', '{"items" []}'],
    ['a key that is no text', '{1:2,"items":[]}'],
    ['single quotes', "{'items':[]}"],
    ['brackets that do not match', '{"items":[{"a":[}]]}'],
    ['a bad record', '{"items":[{"a":01}]}'],
    ['a bad value elsewhere', '{"items":[1],"x":tru}'],
    ['a raw line feed in a text', '{"items":["a\nb"]}'],
    ['a byte order mark', '\ufeff{"items":[]}'],
    ['white space that JSON does not know', '{"items":[\u00a01]}'],
  ])('%s', async (_, page) => {
    await expectAgreement(page)
  })
})

const json = fc.json({ maxDepth: 4, stringUnit: 'binary' })
const brackets = fc.string({
  unit: fc.constantFrom('{', '}', '[', ']', '"', '\\', ',', ':', 'a', ' ', '\u2028', '\ud800'),
})
const record = fc
  .dictionary(brackets, fc.oneof(brackets, fc.double(), fc.constant(null)))
  .map((fields) => JSON.stringify(fields))
const blank = fc.string({ unit: fc.constantFrom(' ', '\n', '\r', '\t'), maxLength: 2 })
const list = fc
  .array(
    fc.tuple(blank, fc.oneof(json, record), blank).map((parts) => parts.join('')),
    { maxLength: 12 },
  )
  .map((items) => `[${items.join(',')}]`)
const page = fc
  .array(
    fc.tuple(
      blank,
      fc.oneof(
        fc.constant('"items"'),
        brackets.map((key) => JSON.stringify(key)),
      ),
      blank,
      fc.oneof(list, json),
    ),
    { maxLength: 4 },
  )
  .map(
    (members) =>
      `{${members.map(([before, key, behind, value]) => `${before}${key}:${behind}${value}`).join(',')}}`,
  )

test('agrees with JSON.parse on any page', async () => {
  await fc.assert(fc.asyncProperty(page, expectAgreement), { numRuns: 3_000 })
})

test('agrees with JSON.parse on any damaged page', async () => {
  const damage = fc.record({
    at: fc.nat(),
    cut: fc.nat(3),
    insert: fc.constantFrom('', '{', '}', '[', ']', '"', '\\', ',', '0', ' '),
  })
  await fc.assert(
    fc.asyncProperty(page, damage, async (text, { at, cut, insert }) => {
      const from = at % (text.length + 1)
      await expectAgreement(text.slice(0, from) + insert + text.slice(from + cut))
    }),
    { numRuns: 5_000 },
  )
})

describe('hostile pages take time by their length, not by its square', () => {
  test.each([
    ['a text full of braces', `{"items":[{"a":"${'}'.repeat(1_000_000)}"}]}`],
    ['200,000 numbers', `{"items":[${Array(200_000).fill(1).join(',')}]}`],
    [
      '100,000 objects, every second one nested',
      `{"items":[${Array(50_000).fill('{"a":1},{"a":{}}').join(',')}]}`,
    ],
    ['200,000 objects that never end', `{"items":[${'{"a":'.repeat(200_000)}`],
    [
      '100,000 other keys',
      `{${Array.from({ length: 100_000 }, (_, i) => `"${i}":{}`).join(',')},"items":[]}`,
    ],
    ['a million backslashes', `{"items":["${'\\\\'.repeat(500_000)}"]}`],
  ])('%s', async (_, text) => {
    await expectAgreement(text)
  })

  test('nesting takes no stack', async () => {
    const deep = `{"items":[${'['.repeat(100_000)}${']'.repeat(100_000)},${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}]}`
    const split = await splitText(deep)
    expect(split.kind === 'items' && split.items.map(({ text }) => text.length)).toEqual([200_000, 600_001])
  })
})

test('other work gets its turn after about 50 records, and can stop the work by throwing', async () => {
  const records = Array(1_000).fill(JSON.stringify({ a: 'x'.repeat(2_600) }))
  const bytes = Buffer.from(`{"items":[${records.join(',')}]}`)
  let turns = 0
  await splitItems(bytes, asIs, async () => {
    turns += 1
  })
  expect(turns).toBeGreaterThanOrEqual(18)
  expect(turns).toBeLessThanOrEqual(25)
  await expect(splitItems(bytes, asIs, () => Promise.reject(new Error('enough')))).rejects.toThrow('enough')
})
