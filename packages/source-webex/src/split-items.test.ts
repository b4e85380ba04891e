import type { Item } from '@cdrstream/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { splitItems } from './split-items.ts'

const asIs = (item: Item) => item
const noTurn = async () => {}

const splitText = (page: string) => splitItems(Buffer.from(page), asIs, noTurn)

/** Returns an item's bytes as text. */
const decoded = ({ bytes }: Item) => Buffer.from(bytes).toString()

/** Returns the result of JSON.parse for the page, which a split page must agree with. */
function parsedItems(page: string): readonly unknown[] | undefined {
  try {
    const { items } = JSON.parse(page)
    return Array.isArray(items) ? items : undefined
  } catch {
    return undefined
  }
}

/**
 * Expects the items that `JSON.parse` finds in the page. If the page is not valid JSON, expects it to be
 * valid apart from the unreadable items.
 */
async function expectAgreement(text: string): Promise<void> {
  const page = Buffer.from(text)
  const read: Item[] = []
  const note = (item: Item) => {
    read.push(item)
    return item
  }
  const split = await splitItems(page, note, noTurn)
  // A lone surrogate does not survive the encoding.
  const truth = parsedItems(page.toString())
  if (split.kind !== 'items') {
    expect(split.kind).toBe('malformed')
    expect(truth).toBeUndefined()
    return
  }
  const isWhole = read.every(({ kind }) => kind === 'parsed')
  expect(truth !== undefined).toBe(isWhole)
  expect(split.items.map(itemValue)).toEqual(isWhole ? truth : parsedItems(withoutUnreadable(page, read)))
  expect(split.items.map(decoded)).toEqual(split.items.map(({ text }) => text))
}

const itemValue = (item: Item) => (item.kind === 'parsed' ? item.value : 'unreadable')

/** Returns the page with each unreadable item replaced by a valid string. */
function withoutUnreadable(page: Buffer, items: readonly Item[]): string {
  let from = 0
  let text = ''
  for (const { kind, bytes } of items) {
    if (kind === 'parsed') continue
    const at = bytes.byteOffset - page.byteOffset
    text += `${page.toString('utf8', from, at)}"unreadable"`
    from = at + bytes.length
  }
  return text + page.toString('utf8', from)
}

test('each item has its exact text, the same text as bytes, and its value', async () => {
  const first = '{ "Duration" : 1.0, "a\\u0041" : "\\/" }'
  const second = '{"Duration":1e2,"Duration":2}'
  expect(await splitText(`{"items":[${first} ,\n${second}]}`)).toEqual({
    kind: 'items',
    items: [
      { kind: 'parsed', text: first, bytes: Buffer.from(first), value: { Duration: 1, aA: '/' } },
      { kind: 'parsed', text: second, bytes: Buffer.from(second), value: { Duration: 2 } },
    ],
    hasErrors: false,
  })
})

test.each([
  ['{"items":[],"errors":[{"description":"no"}]}', true],
  ['{"errors":["no"],"items":[1]}', true],
  ['{"errors":[],"items":[]}', false],
  ['{"items":[{"errors":["no"]}],"errors":null}', false],
])('errors besides the items are detected: %s', async (page, hasErrors) => {
  expect(await splitText(page)).toMatchObject({ kind: 'items', hasErrors })
})

test('the bytes of each item are its text, even with multi-byte characters around it', async () => {
  const texts = ['{"User":"Zoë"}', '{"東京":{"User":"東京"}}', '"📞"', '["ë東📞"]', '{"User":"\\ud83d"}', '1']
  const split = await splitText(`{"ë":"東📞","items":[${texts.join()}],"📞":"東ë"}`)
  if (split.kind !== 'items') throw new Error(split.detail)
  expect(split.items.map(({ text }) => text)).toEqual(texts)
  expect(split.items.map(decoded)).toEqual(texts)
})

test('every JSON value in the array is an item', async () => {
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

describe('agrees with JSON.parse on a page with', () => {
  test.each([
    ['no items', '{"items":[]}'],
    ['whitespace everywhere', ' \r\n{\t"items" : [ \n {"a":1} , 2 ] } \n'],
    ['keys before the items', '{"next":null,"meta":{"items":[9]},"items":[1]}'],
    ['keys after the items', '{"items":[1],"meta":["}"],"count":1}'],
    ['an escaped key', '{"\\u0069tems":[1]}'],
    ['a repeated key', '{"items":[1],"items":[2,3]}'],
    ['a repeated key, the last without an array', '{"items":[1],"items":{}}'],
    ['a repeated key, the first without an array', '{"items":"x","items":[1]}'],
    ['nothing', ''],
    ['only whitespace', '  '],
    ['an empty object', '{}'],
    ['an array', '[{"items":[]}]'],
    ['null', 'null'],
    ['a web page', '<html>{"items":[]}</html>'],
    ['items that are not an array', '{"items":{"0":1}}'],
    ['nested items', '{"data":{"items":[1]}}'],
    ['an end within a record', '{"items":[{"a":1},{"b":'],
    ['an end after a record', '{"items":[{"a":1},{"b":2}'],
    ['an end after the array', '{"items":[{"a":1}]'],
    ['a second object', '{"items":[]}{"items":[]}'],
    ['a closing bracket after the object', '{"items":[]}]'],
    ['a trailing comma in the array', '{"items":[1,]}'],
    ['a trailing comma in the object', '{"items":[1],}'],
    ['a leading comma', '{"items":[,1]}'],
    ['no comma', '{"items":[1 2]}'],
    ['no comma between records', '{"items":[{"a":1}{"b":2}]}'],
    ['no colon', '{"items" []}'],
    ['a key that is not a string', '{1:2,"items":[]}'],
    ['single quotes', "{'items':[]}"],
    ['mismatched brackets', '{"items":[{"a":[}]]}'],
    ['an invalid record', '{"items":[{"a":01}]}'],
    ['an invalid value elsewhere', '{"items":[1],"x":tru}'],
    ['a raw line feed in a string', '{"items":["a\nb"]}'],
    ['a byte order mark', '\ufeff{"items":[]}'],
    ['whitespace that JSON does not allow', '{"items":[\u00a01]}'],
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

describe('splitting a hostile page takes time in proportion to its length:', () => {
  test.each([
    ['a string full of braces', `{"items":[{"a":"${'}'.repeat(999_000)}"}]}`],
    ['20,000 numbers', `{"items":[${Array(20_000).fill(1).join(',')}]}`],
    [
      '20,000 objects, every second one nested',
      `{"items":[${Array(10_000).fill('{"a":1},{"a":{}}').join(',')}]}`,
    ],
    ['200,000 unclosed objects', `{"items":[${'{"a":'.repeat(200_000)}`],
    ['a million backslashes', `{"items":["${'\\\\'.repeat(499_000)}"]}`],
  ])('%s', async (_, text) => {
    await expectAgreement(text)
  })

  test('nesting does not exhaust the stack', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)},${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`
    const split = await splitText(`{"items":[${deep}]}`)
    expect(split.kind === 'items' && split.items.map(({ text }) => text.length)).toEqual([200_000, 600_001])
  })
})

describe('an item that is not JSON', () => {
  test.each([
    ['a raw tab in a string', '{"User":"A\tB"}'],
    ['a raw line feed in a string', '{"User":"A\nB"}'],
    ['a raw NUL in a string', '{"User":"\0"}'],
    ['an invalid escape', '{"User":"\\x41"}'],
    ['half an escape', '{"User":"\\u12"}'],
    ['NaN', '{"Duration":NaN}'],
    ['a leading zero', '{"Duration":01}'],
    ['a truncated literal', '{"Answered":tru}'],
    ['a key without quotes', '{User:1}'],
    ['no value', '{"User":}'],
    ['a trailing comma', '{"User":1,}'],
    ['no comma', '{"User":1 "Duration":2}'],
    ['overlapping brackets', '{"a":[{]}}'],
    ['a bare word', 'undefined'],
    ['a scalar that is not ASCII', 'é'],
  ])('is unreadable, and its neighbours are read: %s', async (_, text) => {
    const neighbour = { text: '{"Duration":1}', bytes: Buffer.from('{"Duration":1}'), value: { Duration: 1 } }
    const parsed = { kind: 'parsed', ...neighbour }
    const bytes = Buffer.from(text)
    expect(await splitText(`{"items":[${neighbour.text},${text} ,${neighbour.text},${text}],"a":1}`)).toEqual(
      {
        kind: 'items',
        items: [parsed, unreadable(bytes), parsed, unreadable(bytes)],
        hasErrors: false,
      },
    )
  })

  test.each([
    ['an extra quote', '{"User":"A"B"}'],
    ['an extra bracket', '{"User":1}}'],
    ['a missing bracket', '{"User":{}'],
    ['no comma after it', '{"User":1}{"User":2}'],
    ['nothing', ''],
  ])('makes the page malformed if the end of the item is unknown: %s', async (_, text) => {
    expect(await splitText(`{"items":[{"Duration":1},${text},{"Duration":1}]}`)).toMatchObject({
      kind: 'malformed',
    })
  })

  test('does not result from repeated keys, of which the last applies, or from a lone surrogate', async () => {
    const item = '{"User":"a","User":"\\ud83d","__proto__":1}'
    const split = await splitText(`{"items":[${item}]}`)
    expect(split).toMatchObject({ items: [{ kind: 'parsed', text: item, value: { User: '\ud83d' } }] })
  })

  test('does not result from invalid UTF-8, which is replaced only in its own item', async () => {
    const page = Buffer.concat([
      Buffer.from('{"items":[{"User":"'),
      // A byte that is invalid in UTF-8, and a surrogate encoded as in CESU-8.
      Buffer.from([0xff, 0xed, 0xa0, 0xbd]),
      Buffer.from('"},{"User":"Zoë"},"\t'),
      Buffer.from([0xc3]),
      Buffer.from('"]}'),
    ])
    const split = await splitItems(page, asIs, noTurn)
    if (split.kind !== 'items') throw new Error(split.detail)
    expect(split.items.map(itemValue)).toEqual([
      { User: '\ufffd\ufffd\ufffd\ufffd' },
      { User: 'Zoë' },
      'unreadable',
    ])
    expect(split.items.slice(0, 2).map(decoded)).toEqual(split.items.slice(0, 2).map(({ text }) => text))
    // Quarantine keeps the original bytes.
    expect(Buffer.from(split.items[2]?.bytes ?? [])).toEqual(Buffer.from([0x22, 0x09, 0xc3, 0x22]))
  })
})

function unreadable(bytes: Buffer, totalBytes = bytes.length, flaw = 'invalid JSON') {
  return { kind: 'unreadable', bytes, text: bytes.toString(), totalBytes, flaw }
}

describe('the bounds of a page', () => {
  const bounds = { items: 3, otherKeys: 2, itemBytes: 60, itemMarks: 8, itemDepth: 3 }
  const split = (page: string) => splitItems(Buffer.from(page), asIs, noTurn, bounds)

  test.each([
    ['the maximum number of items and keys', '{"a":1,"items":[1,2,3],"b":2}'],
    ['a key and a value of the maximum size', `{"${'k'.repeat(58)}":"${'v'.repeat(58)}","items":[]}`],
    [
      'a value with the maximum number of marks and levels',
      '{"a":[1,2,3,4,5,6,7,8],"b":[{"c":[]}],"items":[]}',
    ],
  ])('accept %s', async (_, page) => {
    expect(await split(page)).toMatchObject({ kind: 'items' })
  })

  test.each([
    ['one more item', '{"items":[1,2,3,4]}'],
    ['one more item in an array that a later key replaces', '{"items":[1,2,3,4],"items":[]}'],
    ['one more key', '{"a":1,"b":2,"c":3,"items":[]}'],
    ['a longer key', `{"${'k'.repeat(59)}":1,"items":[]}`],
    ['a longer value', `{"a":"${'v'.repeat(59)}","items":[]}`],
    ['a value with more marks', '{"a":[1,2,3,4,5,6,7,8,9],"items":[]}'],
    ['a deeper value', '{"errors":[[[[]]]],"items":[]}'],
  ])('make a page with %s too large', async (_, page) => {
    expect(await split(page)).toMatchObject({ kind: 'too-large' })
  })

  const long = `{"a":"${'}'.repeat(60)}"}`
  const flatLong = `{"a":"${'b'.repeat(60)}"}`
  test.each([
    ['more bytes', long, 'more than 60 bytes'],
    ['more bytes and no nesting', flatLong, 'more than 60 bytes'],
    ['more marks', '{"a":{},"b":1,"c":2,"d":3}', 'more than 8 commas, colons and opening brackets'],
    ['more marks and no nesting', '{"a":0,"b":1,"c":2,"d":3,"e":4}', 'more than 8 commas'],
    ['more levels', '{"a":[[[1]]]}', 'nested more than 3 levels deep'],
    ['more levels of objects', '{"a":{"b":{"c":{}}}}', 'nested more than 3 levels deep'],
  ])('make an item with %s unreadable and truncated, without affecting the others', async (_, text, flaw) => {
    const bytes = Buffer.from(text).subarray(0, bounds.itemBytes)
    expect(await split(`{"items":[{"a":1},${text},{"b":[2]}]}`)).toMatchObject({
      kind: 'items',
      items: [
        { kind: 'parsed', value: { a: 1 } },
        unreadable(bytes, text.length, expect.stringContaining(flaw)),
        { kind: 'parsed', value: { b: [2] } },
      ],
    })
  })
})

test('other work can run after about every 50 records, and can stop the split by throwing', async () => {
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
