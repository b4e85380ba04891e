import { type CdrRecord, objectMembers } from '@cdrstream/plugin'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { makeRecord } from '../../test/support/records.ts'
import { fieldColumns } from './columns.ts'
import { extraJson, textMember } from './extra-json.ts'
import type { Repertoire } from './repertoire.ts'
import { RowEncoder, type TableRow } from './row-encoder.ts'
import { tableColumns } from './table-columns.ts'

/** Returns each row's cells as bytes, or null for an SQL null. */
function readRows(bytes: Buffer): readonly (readonly (Buffer | null)[])[] {
  const rows: (Buffer | null)[][] = []
  let at = 19
  for (let cells = bytes.readInt16BE(at); cells !== -1; cells = bytes.readInt16BE(at)) {
    at += 2
    const row: (Buffer | null)[] = []
    for (let cell = 0; cell < cells; cell += 1) {
      const length = bytes.readInt32BE(at)
      at += 4
      row.push(length === -1 ? null : bytes.subarray(at, at + length))
      at += Math.max(0, length)
    }
    rows.push(row)
  }
  expect(at + 2).toBe(bytes.length)
  return rows
}

function encodeRows(rows: readonly TableRow[], options: { readonly rawText: boolean }) {
  const encoder = new RowEncoder(options)
  encoder.begin()
  for (const row of rows) encoder.add(row)
  return { bytes: encoder.end(), refused: encoder.refused }
}

const places = new Map(tableColumns({ rawText: false }).map(({ name }, place) => [name, place]))

function encodeOne(json: Readonly<Record<string, unknown>>) {
  return encodeRecord(makeRecord('a', { json }))
}

function encodeRecord(record: CdrRecord) {
  const { bytes, refused } = encodeRows([{ index: 0, record, home: '2026-11-24' }], { rawText: false })
  const [row = []] = readRows(bytes)
  const cell = (name: string): Buffer | null => row[places.get(name) ?? -1] ?? null
  return { refused, cell, extra: cell('extra')?.subarray(1).toString() ?? null }
}

describe('a row', () => {
  test('has a cell for each column, regardless of what the record contains', () => {
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), { maxLength: 5 }),
        (objects) => {
          const rows = objects.map((json, index) => ({
            index,
            record: makeRecord(`${index}`, { json }),
            home: '2026-11-24',
          }))
          const { bytes, refused } = encodeRows(rows, { rawText: true })
          const read = readRows(bytes)
          expect(read.length + refused.length).toBe(objects.length)
          expect(read.every(({ length }) => length === places.size + 1)).toBe(true)
        },
      ),
    )
  })

  test.each([
    ['Duration', 2 ** 31, 'duration'],
    ['Duration', 1.5, 'duration'],
    ['User', 'NUL \0', 'user'],
    ['User', 'half \ud800', 'user'],
    ['User', 'u'.repeat(1_001), 'user'],
    ['User', '中'.repeat(334), 'user'],
  ])('with %s %j has null in the column, and the value in extra', (name, value, column) => {
    const { cell, extra } = encodeOne({ [name]: value })

    expect(cell(column)).toBe(null)
    const held = JSON.parse(extra ?? '{}')
    expect({ ...held, ...JSON.parse(held[textMember] ?? '{}') }).toMatchObject({ [name]: value })
  })

  test('with text of 1,000 bytes stores the text in its column', () => {
    expect(encodeOne({ User: 'u'.repeat(1_000) }).cell('user')).toHaveLength(1_000)
    expect(encodeOne({ User: '中'.repeat(333) }).cell('user')).toHaveLength(999)
  })

  test.each([
    ['Start time', '"0000-01-01T00:00:00Z"'],
    ['Duration', '"99999999999"'],
    ['Duration', '12345678901234567890'],
    ['New field', '1e400'],
    ['New field', '[-0,1.0]'],
    ['New field', '{"a":1,"a":2}'],
    ['New field', '7,"New field":8'],
  ])('with %s %s stores the value in extra exactly as sent', (name, json) => {
    const text = `{${JSON.stringify(name)}:${json}}`
    const { extra } = encodeRecord(makeRecord('a', { text }))
    expect([extra, JSON.parse(extra ?? '{}')[textMember]]).toContain(text)
  })

  test('has times in microseconds relative to 2000, before and after it', () => {
    const micros = (time: string) => encodeOne({ 'Start time': time }).cell('start_time')?.readBigInt64BE()

    expect(micros('2000-01-01T00:00:00.001Z')).toBe(1_000n)
    expect(micros('1999-12-31T23:59:59.999Z')).toBe(-1_000n)
    expect(micros('9999-12-31T23:59:59.999Z')).toBe(252_455_615_999_999_000n)
  })

  test('that cannot be encoded does not affect the others', () => {
    const torn = { ...makeRecord('torn'), home: 'no day' }
    const rows = [makeRecord('a'), torn, makeRecord('b')].map((record, index) => ({
      index,
      record,
      id: record.key,
      home: record.home,
    }))

    const { bytes, refused } = encodeRows(rows, { rawText: false })

    expect(refused.map(({ index }) => index)).toEqual([1])
    expect(readRows(bytes).map((row) => row[1]?.toString())).toEqual(['a', 'b'])
  })
})

describe('rows that are larger than a slab of memory', () => {
  test("have their own record's values, regardless of the previous batch", () => {
    const encoder = new RowEncoder({ rawText: true })
    const length = fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 350_000 }))
    const shape = fc.record({ user: length, field: length, home: fc.constantFrom('2026-11-24', 'no day') })
    const batches = fc.array(fc.array(shape, { maxLength: 6 }), { minLength: 2, maxLength: 3 })
    fc.assert(
      fc.property(batches, (all) => {
        for (const [batch, shapes] of all.entries()) {
          const rows = shapes.map(({ user, field, home }, index) => {
            const json = { 'Other field': `${batch}`.repeat(user), 'New field': `${index}`.repeat(field) }
            return { index, record: makeRecord(`${index}`, { json }), home }
          })
          const read = readRows(encodeInParts(encoder, rows))
          const held = rows.filter(({ home }) => home !== 'no day')
          expect(read.map((cells) => cells[1]?.toString())).toEqual(held.map(({ record }) => record.key))
          for (const [at, { record }] of held.entries()) {
            const [extra, raw] = read[at]?.slice(-2) ?? []
            expect(extra?.equals(Buffer.from(`\u0001${extraJson(record, [])}`))).toBe(true)
            expect(raw?.toString() === record.text).toBe(true)
          }
        }
      }),
      { numRuns: 60 },
    )
  })
})

/** Encodes rows in parts, as for a COPY. */
function encodeInParts(encoder: RowEncoder, rows: readonly TableRow[]): Buffer {
  encoder.begin()
  const parts: Buffer[] = []
  for (const row of rows) {
    encoder.add(row)
    if (encoder.bytes >= 1 << 18) parts.push(encoder.take())
  }
  return Buffer.concat([...parts, encoder.end()])
}

/** Returns the JSON text of each member of an object. */
function membersOf(json: string): Map<string, string> {
  return new Map(
    objectMembers(json).map(({ name, valueAt, toAt }) => [name, json.slice(valueAt, toAt)] as const),
  )
}

describe('extra', () => {
  const anyText = fc.string({ unit: 'binary' })
  const readBack = (text: string, repertoire?: Repertoire) => {
    const extra = new Map(Object.entries(JSON.parse(text)))
    const json = extraJson({ text, extra }, [], { repertoire }) ?? '{}'
    const { [textMember]: held = '{}', ...others } = JSON.parse(json)
    return { json, others: Object.entries(others), held: JSON.parse(held) }
  }

  test('can store any JSON and return it unchanged', () => {
    const entries = fc.dictionary(anyText, fc.jsonValue({ stringUnit: 'binary' }), { noNullPrototype: true })
    fc.assert(
      fc.property(entries, (sent) => {
        const { json, others, held } = readBack(JSON.stringify(sent))
        const back = new Map([...others, ...Object.entries(held)])
        expect(back).toEqual(new Map(Object.entries(JSON.parse(JSON.stringify(sent)))))
        expect(json).not.toMatch(/[^\\](\\\\)*\\u0000/)
      }),
    )
  })

  test('has every value exactly as sent, including numbers that JavaScript cannot represent', () => {
    const number = fc.constantFrom('12345678901234567890', '1.0', '-0', '1e5', '1e400', '0.12345678901234567')
    const object = fc.array(fc.tuple(fc.constantFrom('"a"', '"b"', '"\\u0061"'), number), { maxLength: 3 })
    const value = fc.oneof(
      number,
      fc.json(),
      fc.array(number).map((items) => `[${items.join(', ')}]`),
      object.map((members) => `{${members.map(([name, json]) => `${name}: ${json}`).join()}}`),
    )
    const entries = fc.uniqueArray(fc.tuple(anyText, value), { selector: ([name]) => name })
    fc.assert(
      fc.property(entries, (sent) => {
        const text = `{${sent.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join()}}`
        const extra = new Map(Object.entries(JSON.parse(text)))
        const found = membersOf(extraJson({ text, extra }, []) ?? '{}')
        const held = membersOf(JSON.parse(found.get(textMember) ?? '"{}"'))
        found.delete(textMember)
        expect(new Map([...found, ...held])).toEqual(new Map(sent))
      }),
    )
  })

  test('contains only characters in the database encoding, and stores others as ASCII text', () => {
    const latin: Repertoire = (text) => !/[^\0-\xff]/.test(text)
    fc.assert(
      fc.property(fc.dictionary(anyText, anyText, { noNullPrototype: true }), (sent) => {
        const { json, others, held } = readBack(JSON.stringify(sent), latin)
        expect(json).not.toMatch(/[^\0-\xff]/)
        expect(new Map([...others, ...Object.entries(held)])).toEqual(new Map(Object.entries(sent)))
      }),
    )
    expect(readBack('{"a":"\\u00fc","b":"\\u4e2d"}', latin)).toMatchObject({
      others: [['a', 'ü']],
      held: { b: '中' },
    })
  })

  test('has no member for a field that is stored in its column', () => {
    expect(encodeOne({}).extra).toBe(null)
    expect(fieldColumns).toHaveLength(87)
  })
})

test('an encoder keeps nothing from earlier rows after begin', () => {
  const encoder = new RowEncoder({ rawText: false })
  encoder.begin()
  encoder.add({ index: 0, record: makeRecord('a', { rank: 0.5 }), home: '2026-11-24' })
  encoder.add({ index: 1, record: makeRecord('b'), home: '2026-11-24' })
  expect(encoder.refused.map(({ index }) => index)).toEqual([0])
  encoder.begin()
  expect(encoder.refused).toEqual([])
  expect(readRows(encoder.end())).toEqual([])
})
