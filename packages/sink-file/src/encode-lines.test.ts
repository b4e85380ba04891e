import type { CdrRecord } from '@cdrstream/plugin'
import { describe, expect, it } from 'vitest'
import { testRecord } from '../test/support/journal-model.ts'
import { LineEncoder } from './encode-lines.ts'

function encode(records: readonly CdrRecord[], encoder = new LineEncoder()): string {
  return Buffer.concat(Array.from(encoder.encode(records), (chunk) => Buffer.from(chunk))).toString()
}

const mark =
  '"@cdrstream":{"org":"acme","key":"key-1","rank":3640000000000001,"home":"2026-11-24","acceptedAt":"2026-11-24T12:00:00.250Z","source":"stream"}'

describe('a line', () => {
  it('is the record text with the mark before its closing brace', () => {
    expect(encode([testRecord(1)])).toBe(`{"Report ID":"key-1","Duration":1,${mark}}\n`)
  })

  it.each([
    ['an empty object', '{}', `{${mark}}`],
    ['a blank object', '{ \t }', `{ \t ${mark}}`],
    ['nested objects', '{"a":{"b":{}}}', `{"a":{"b":{}},${mark}}`],
    ['escapes', '{"a":"\\n\\u00e9\\/\\"}"}', `{"a":"\\n\\u00e9\\/\\"}",${mark}}`],
    ['escapes of lone surrogates', '{"a":"\\ud800"}', `{"a":"\\ud800",${mark}}`],
    ['non-ASCII characters', '{"a":"Zoë 電話 📞\u2028"}', `{"a":"Zoë 電話 📞\u2028",${mark}}`],
    [
      'the notation of numbers',
      '{"a":1.0e2,"b":12345678901234567890}',
      `{"a":1.0e2,"b":12345678901234567890,${mark}}`,
    ],
    ['repeated keys', '{"a":1,"a":2}', `{"a":1,"a":2,${mark}}`],
    ['the text without surrounding whitespace', ' {"a":1}\n', `{"a":1,${mark}}`],
  ])('keeps %s', (_, text, line) => {
    expect(encode([testRecord(1, { text })])).toBe(`${line}\n`)
  })

  it.each([
    ['as its own key', '{"@cdrstream":{"org":"other"}}', '{"@@cdrstream":{"org":"other"},'],
    ['twice', '{"@cdrstream":1,"@cdrstream":2}', '{"@@cdrstream":1,"@@cdrstream":2,'],
    ['with escapes', '{"\\u0040cdr\\u0073tream":1}', '{"@\\u0040cdr\\u0073tream":1,'],
    ['with more @', '{"@@cdrstream":1}', '{"@@@cdrstream":1,'],
    ['within a value', '{"a":{"@cdrstream":"@cdrstream"}}', '{"a":{"@cdrstream":"@cdrstream"},'],
    ['within a longer key', '{"a@cdrstream":1}', '{"a@cdrstream":1,'],
  ])("has exactly one mark, even if the record contains the mark's key: %s", (_, text, start) => {
    expect(encode([testRecord(1, { text })])).toBe(`${start}${mark}}\n`)
  })

  it.each(['\n', '\r', '\r\n'])('has spaces where the text has %j between tokens', (lineBreak) => {
    const text = JSON.stringify({ a: 'two\nlines', b: [1, 2] }, null, 2).replaceAll('\n', lineBreak)
    const line = encode([testRecord(1, { text })])
    expect(line.match(/[\r\n]/g)).toEqual(['\n'])
    const { '@cdrstream': _, ...record } = JSON.parse(line)
    expect(record).toEqual({ a: 'two\nlines', b: [1, 2] })
  })

  it("has its own record's org, key, rank, home, time and source", () => {
    const records = [
      testRecord(1),
      testRecord(2, {
        org: 'other "org"',
        key: 'a "key"\\\n',
        home: '2026-11-25',
        source: 'feed',
        acceptedAtMs: 0,
      }),
      testRecord(3, { key: '\ud800' }),
      // Consecutive records that differ in one value.
      testRecord(4),
      testRecord(4, { acceptedAtMs: 1 }),
      testRecord(4, { acceptedAtMs: 1, source: 'feed' }),
      testRecord(4, { acceptedAtMs: 1, source: 'feed', home: '2026-11-23' }),
      testRecord(4, { acceptedAtMs: 1, source: 'feed', home: '2026-11-23', org: 'other' }),
    ]
    const marks = encode(records)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)['@cdrstream'])
    expect(marks).toEqual(
      records.map(({ org, key, rank, home, acceptedAtMs, source }) => {
        return { org, key, rank, home, acceptedAt: new Date(acceptedAtMs).toISOString(), source }
      }),
    )
  })
})

describe('many lines', () => {
  it('are the same regardless of batch size, even if a batch is larger than the buffers', () => {
    const long = 'é'.repeat(700_000)
    const records = Array.from({ length: 2_000 }, (_, number) => {
      return testRecord(number, { text: `{"a":"${number % 500 === 7 ? long : 'x'.repeat(number)}"}` })
    })
    const encoder = new LineEncoder()
    const alone = records.map((record) => encode([record], encoder)).join('')
    expect(encode(records, encoder) === alone).toBe(true)
    expect(alone.split('\n')).toHaveLength(records.length + 1)
  })
})
