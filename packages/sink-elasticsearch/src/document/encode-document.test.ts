import fc from 'fast-check'
import { expect, test } from 'vitest'
import { testRecord } from '../../test/support/test-record.ts'
import { encodeDocument } from './encode-document.ts'
import { timeJson } from './format-time.ts'

const encode = (content: Readonly<Record<string, unknown>>) =>
  JSON.parse(encodeDocument(testRecord({ content }), '2026-11-24'))

/** Any UTF-16 code unit, including a lone surrogate. */
const anyUnit = fc.nat(0xffff).map((code) => String.fromCharCode(code))

test("a document has the record's origin, and omits empty fields", () => {
  expect(
    encode({
      'Report ID': 'r',
      Duration: 42,
      Answered: 'true',
      'Called line ID': 'NA',
      User: '',
      'OS type': 'na',
    }),
  ).toEqual({
    org: 'acme',
    key: 'one',
    rank: 1,
    home: '2026-11-24',
    source: 'stream',
    accepted_at: '2026-11-24T12:00:00.250Z',
    start_time: '2026-11-24T11:00:00.123Z',
    report_id: 'r',
    duration: 42,
    answered: true,
  })
})

test('any text is preserved', () => {
  fc.assert(
    fc.property(fc.string({ unit: anyUnit, minLength: 1, maxLength: 50 }), (user) => {
      expect(encode({ User: user }).user).toBe(user)
    }),
  )
  for (const user of ['"', '\\', '\0', '\n', '\ud800', '\u2028', '😀'])
    expect(encode({ User: user }).user).toBe(user)
})

test('a lone surrogate that is not escaped in the record is preserved', () => {
  const record = testRecord({ text: '{"Report ID":"r","User":"\ud800"}' })
  expect(JSON.parse(Buffer.from(encodeDocument(record, '2026-11-24')).toString()).user).toBe('\ud800')
})

test('unknown fields and values that do not fit are in extra', () => {
  expect(encode({ Duration: 'long', 'New field': { a: 1 }, 'b\0': 2 })).toMatchObject({
    extra: { Duration: 'long', 'New field': { a: 1 } },
    extra_text: JSON.stringify({ 'b\0': 2 }),
  })
})

test("a record field cannot replace one of the document's own fields", () => {
  const sent = { '@cdrstream': { rank: 9 }, rank: 9, extra: { rank: 9 } }
  const document = encode(sent)
  expect(document).toMatchObject({ extra: sent })
  expect(document).not.toMatchObject({ rank: 9 })
})

test('a time is written as `JSON.stringify` writes a Date, or as a number if its year does not have four digits', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date('0000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
      (date) => {
        expect(timeJson(date.getTime())).toBe(JSON.stringify(date))
      },
    ),
  )
  expect(timeJson(Date.UTC(10_000, 0))).toBe('253402300800000')
  expect(timeJson(Date.parse('-000001-12-31T23:59:59.999Z'))).toBe('-62167219200001')
})
