import { cdrRecord } from '@cdrstream/core'
import { expect, test } from 'vitest'
import {
  extremeRecords,
  ordinaryRecords,
  recordsWithHostileText,
  recordsWithOddKeys,
  recordsWithUnknownFields,
  tornRecord,
} from './kinds-of-records.ts'
import { makeRecord } from './make-record.ts'

test.each([
  ['ordinary', ordinaryRecords(30, 'acme')],
  ['extreme', extremeRecords('acme')],
  ['odd-key', recordsWithOddKeys('acme')],
  ['unknown-field', recordsWithUnknownFields('acme')],
  ['hostile-text', recordsWithHostileText('acme')],
])('%s records have the fields that the engine reads from their text', (_, records) => {
  for (const record of records) {
    const { fields, extra } = cdrRecord(record)
    expect(record.fields).toEqual(fields)
    expect(record.extra).toEqual(extra)
  }
})

test('a torn record cannot be read here or in the engine', () => {
  const record = tornRecord(makeRecord(1, { org: 'acme' }))
  expect(() => record.fields).toThrow(SyntaxError)
  expect(() => cdrRecord(record).fields).toThrow(SyntaxError)
})

test('ordinary records have every field and different keys', () => {
  const records = ordinaryRecords(30, 'acme')
  expect(Object.values(records[0]?.fields ?? {})).not.toContain(null)
  expect(new Set(records.map(({ key }) => key)).size).toBe(30)
  expect(new Set(records.map(({ home }) => home.slice(0, 7))).size).toBeGreaterThan(1)
})
