import { hash } from 'node:crypto'
import { catalogue } from '@cdrstream/catalogue'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cdrRecord } from './cdr-record.ts'
import type { FieldAction, FieldPolicy } from './field-policy/field-policy.ts'
import { createRecordMask, type RecordMask } from './field-policy/record-mask.ts'
import { identifyItem } from './identify-item.ts'

const parts = (key: string, text: string) => ({
  org: 'acme',
  key,
  rank: 1,
  home: '2026-09-24',
  acceptedAtMs: 0,
  source: 'stream' as const,
  text,
})

test('records read alternately each return their own content', () => {
  const [a, b] = ['a', 'b'].map((key) => cdrRecord(parts(key, `{"User":"${key}","new":"${key}"}`)))
  for (let round = 0; round < 2; round += 1) {
    expect(a?.fields.user).toBe('a')
    expect(b?.text).toBe('{"User":"b","new":"b"}')
    expect(a?.extra.get('new')).toBe('a')
    expect(b?.fields.user).toBe('b')
    expect(a?.text).toBe('{"User":"a","new":"a"}')
  }
})

test('a sink receives only the content that the mask leaves', () => {
  const mask: RecordMask = { columns: ['user'], apply: (text) => text.replaceAll('Jane', '') }
  const record = cdrRecord(parts('a', '{"User":"Jane","new":"Jane"}'), mask)
  expect(record.text).toBe('{"User":"","new":""}')
  expect(record.fields.user).toBeNull()
  expect(record.extra.get('new')).not.toBe('Jane')
})

test('the text is computed on first access, and only once per record', () => {
  let asked = 0
  const record = cdrRecord({
    ...parts('a', ''),
    get text() {
      asked += 1
      return '{"User":"Jane"}'
    },
  })
  expect(asked).toBe(0)
  expect([record.text, record.fields.user, record.extra.size]).toEqual(['{"User":"Jane"}', 'Jane', 0])
  expect(asked).toBe(1)
})

/** Returns what the collector knows about a record that it has just read. */
function contentOf(text: string): string | undefined {
  const identity = identifyItem(
    { kind: 'parsed', text, bytes: Buffer.from(text), value: JSON.parse(text) },
    (content) => hash('sha256', content),
  )
  return identity.kind === 'record' ? identity.content : undefined
}

test('fields read from known content equal fields read from the text, with any mask', () => {
  const known = catalogue.map(({ name }) => name)
  const name = fc.oneof(
    { weight: 20, arbitrary: fc.constantFrom(...known) },
    fc.constantFrom(...known.map((exact) => exact.toUpperCase()), 'Authorization-Code', 'new'),
  )
  const value = fc.oneof(
    fc.constantFrom(
      'NA',
      'na',
      'N/A',
      '',
      null,
      '12',
      '2026-09-24T07:50:10.939Z',
      'true',
      'ExplicitId4711',
      7,
      0.5,
      true,
    ),
    fc.string({ unit: 'binary' }),
  )
  const text = fc.dictionary(name, value, { minKeys: 1, maxKeys: 12 }).map((record) => JSON.stringify(record))
  const action = fc.constantFrom<FieldAction>(
    { kind: 'drop' },
    { kind: 'mask', digits: 2 },
    { kind: 'hash', hmac: (plain) => hash('sha256', plain) },
    { kind: 'keep' },
  )
  const policy = fc.record<FieldPolicy>(
    {
      fields: fc.dictionary(fc.constantFrom(...catalogue.map(({ column }) => column)), action, {
        maxKeys: 40,
      }),
      classes: fc.dictionary(fc.constantFrom('number', 'name', 'secret', 'identifier'), action),
      unknown: fc.constant('drop'),
    },
    { requiredKeys: [] },
  )
  let fromContent = 0
  fc.assert(
    fc.property(text, fc.option(policy), (text, policy) => {
      const mask = policy === null ? undefined : createRecordMask(policy)
      const content = contentOf(text)
      let asked = 0
      const lasting = cdrRecord(
        {
          ...parts('a', ''),
          content,
          get text() {
            asked += 1
            return text
          },
        },
        mask,
      )
      const { fields, extra } = lasting
      if (asked === 0) fromContent += 1
      const readAgain = cdrRecord(parts('a', text), mask)
      expect([fields, [...extra], lasting.text]).toEqual([
        readAgain.fields,
        [...readAgain.extra],
        readAgain.text,
      ])
    }),
    { numRuns: 2_000 },
  )
  expect(fromContent).toBeGreaterThan(200)
})
