import { expect, test } from 'vitest'
import { readServerError } from './server-error.ts'

test('the innermost cause of an error is returned', () => {
  const error = {
    type: 'illegal_argument_exception',
    reason: 'composable template [cdr] template after composition is invalid',
    caused_by: { type: 'invalid_alias_name_exception', reason: 'Invalid alias name [cdr]' },
  }
  expect(readServerError(error)).toEqual({
    type: 'invalid_alias_name_exception',
    reason: 'Invalid alias name [cdr]',
  })
})

test.each([[undefined], [null], ['no handler found'], [{ type: 7, reason: {}, index: 'a b' }]])(
  'an error %j has an empty type and reason',
  (error) => {
    expect(readServerError(error)).toEqual({ type: '', reason: '' })
  },
)

test('a long reason is truncated, and an implausible feature is omitted', () => {
  const feature = { 'license.expired.feature': 'canary\u001b[2J' }
  const error = readServerError({ type: 'x', reason: 'c'.repeat(100_000), ...feature })

  expect(error.reason).toHaveLength(2_000)
  expect(error).not.toHaveProperty('unlicensedFeature')
})

test('an implausible type is omitted', () => {
  expect(readServerError({ type: 'the number +15550100', reason: 'r' }).type).toBe('')
})

test.each([
  ['document_parsing_exception', 'document_parsing_exception'],
  ['i_o_exception', 'i_o_exception'],
  ['canary', ''],
  ['canary 15551234 exception', ''],
  [7, ''],
  [undefined, ''],
])('the type %j is returned as %j', (type, shown) => {
  expect(readServerError({ type }).type).toBe(shown)
})
