import { expect, test } from 'vitest'
import { cdrRecord } from './cdr-record.ts'

const parts = (key: string, text: string) => ({
  org: 'acme',
  key,
  rank: 1,
  home: '2026-09-24',
  acceptedAtMs: 0,
  source: 'stream' as const,
  text,
})

test('records that are asked in turn each give their own content', () => {
  const [a, b] = ['a', 'b'].map((key) => cdrRecord(parts(key, `{"User":"${key}","new":"${key}"}`)))
  for (let round = 0; round < 2; round += 1) {
    expect(a?.fields.user).toBe('a')
    expect(b?.text).toBe('{"User":"b","new":"b"}')
    expect(a?.extra.get('new')).toBe('a')
    expect(b?.fields.user).toBe('b')
    expect(a?.text).toBe('{"User":"a","new":"a"}')
  }
})

test('what a sink gets of the content is what the mask leaves', () => {
  const record = cdrRecord(parts('a', '{"User":"Jane","new":"Jane"}'), (text) => text.replaceAll('Jane', ''))
  expect(record.text).toBe('{"User":"","new":""}')
  expect(record.fields.user).toBeNull()
  expect(record.extra.get('new')).not.toBe('Jane')
})

test('a text is made when it is asked for, once for all that is asked of a record', () => {
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
