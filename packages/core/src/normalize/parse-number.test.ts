import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseDecimal, parseInteger } from './parse-number.ts'

describe('plain decimal digits', () => {
  test('of any integer are read as that integer', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        expect(parseInteger(String(value))).toBe(value)
        expect(parseDecimal(String(value))).toBe(value)
      }),
    )
  })

  test.each([
    ['7.50', 7.5],
    ['-0.25', -0.25],
    ['+5', 5],
    ['007', 7],
  ])('%s is a decimal', (text, value) => {
    expect(parseDecimal(text)).toBe(value)
  })

  test('with a fraction are an integer only if the fraction is zero', () => {
    expect(parseInteger('42.00')).toBe(42)
    expect(parseInteger('42.5')).toBeNaN()
    // Number returns 42 for it.
    expect(parseInteger('42.00000000000000000001')).toBeNaN()
  })
})

test.each(['', ' 5', '5 ', '5\n', '1e5', '0x10', '5.', '.5', '--5', '+', '1,000', '٣', 'NaN', 'Infinity'])(
  '"%s" is not a number',
  (text) => {
    expect(parseDecimal(text)).toBeNaN()
    expect(parseInteger(text)).toBeNaN()
  },
)
