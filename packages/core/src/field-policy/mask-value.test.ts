import { expect, test } from 'vitest'
import { maskValue } from './mask-value.ts'

test.each([
  ['+4930123456', 4, '+******3456'],
  ['4930123456', 0, '**********'],
  ['sip:jane@example.com;phone=30123456', 2, '*********************************56'],
  ['(030) 12-34', 3, '*******2*34'],
  // Otherwise an extension would be shown in full.
  ['1234', 4, '****'],
  ['+1234', 4, '+****'],
  ['Jane Doe', 4, '********'],
  ['٣٣٣٣٣٣1', 1, '*******'],
  ['😀12', 1, '**2'],
])('masking %j except the last %i digits → %j', (value, digits, masked) => {
  expect(maskValue(value, digits)).toBe(masked)
})
