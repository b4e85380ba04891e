import { expect, test } from 'vitest'
import { unpackText } from './unpack-text.ts'

const digits = '61626364656667680123456789abcdef'

test.each([
  ['a UUID', `01${digits}`, '61626364-6566-6768-0123-456789abcdef'],
  ['32 hexadecimal digits', `02${digits}`, digits],
  ['any other text', `00${Buffer.from('content:é').toString('hex')}`, 'content:é'],
])('%s is unpacked to the original text', (_, packed, text) => {
  expect(unpackText(Buffer.from(packed, 'hex'))).toBe(text)
})

test('bytes with an unknown tag are refused', () => {
  expect(() => unpackText(Buffer.of(3, 1))).toThrow('unknown tag 3')
})
