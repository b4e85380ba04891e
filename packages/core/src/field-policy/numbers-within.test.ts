import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import type { FieldAction, FieldPolicy } from './field-policy.ts'
import { createRecordMask } from './record-mask.ts'

const hmac = (text: string) => createHmac('sha256', 'a key').update(text).digest('hex')
const drop: FieldAction = { kind: 'drop' }
const keep: FieldAction = { kind: 'keep' }
const hash: FieldAction = { kind: 'hash', hmac }
const last = (digits: number): FieldAction => ({ kind: 'mask', digits })

function lineId(policy: FieldPolicy, value: unknown, name = 'Calling line ID'): unknown {
  return JSON.parse(createRecordMask(policy).apply(JSON.stringify({ [name]: value })))[name]
}

test.each([
  ['a number alone', '+4930123456', '+******3456'],
  ['a number with separators', '+49 (30) 12-34 56', '+***********34*56'],
  ['a number beside a name', 'Jane Doe 030/123456', 'Jane Doe ******3456'],
  ['several numbers', 'Jane +4930123456, ext. 4711', 'Jane +******3456, ext. ****'],
  ['an address', 'sip:4930123456@example.com', 'sip:******3456@example.com'],
  ['digits of another script', 'Jane ٣٣٣٣٣٣', 'Jane ******'],
  ['a name', 'Jane Doe', 'Jane Doe'],
  ['a single digit', 'Room 7', 'Room 7'],
  ['no value', 'NA', 'NA'],
  ['a number without quotes', 4930123456, '******3456'],
  ['a list with digits', ['Jane', '+4930123456'], ''],
  ['a list without digits', ['Jane'], ['Jane']],
])('with numbers masked and names kept, a line ID with %s shows no number in full', (_, value, shown) => {
  const policy = { classes: { number: last(4) } }

  expect(lineId(policy, value)).toEqual(shown)
  expect(lineId(policy, value, 'CALLED_LINE_ID')).toEqual(shown)
})

test.each<[string, FieldPolicy, string]>([
  ['numbers are dropped', { classes: { number: drop } }, 'Jane '],
  ['numbers are hashed', { classes: { number: hash } }, `Jane ${hmac('+4930123456')}`],
  ['names are dropped too', { classes: { number: last(4), name: drop } }, ''],
  ['names are hashed too', { classes: { number: drop, name: hash } }, hmac('Jane +4930123456')],
  ['names show more digits', { classes: { number: last(2), name: last(4) } }, '****************'],
  ['names show digits and numbers show none', { classes: { number: drop, name: last(4) } }, '*****'],
  ['numbers are kept', { classes: { number: keep, name: last(4) } }, '************3456'],
  ['the field is kept', { classes: { number: drop }, fields: { calling_line_id: keep } }, 'Jane +4930123456'],
])('when %s, a line ID is changed by both rules', (_, policy, shown) => {
  expect(lineId(policy, 'Jane +4930123456')).toBe(shown)
})
