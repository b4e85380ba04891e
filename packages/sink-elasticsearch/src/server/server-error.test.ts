import { expect, test } from 'vitest'
import { readServerError } from './server-error.ts'

test('the innermost cause of an error is what it is about', () => {
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
  '%j says nothing',
  (error) => {
    expect(readServerError(error)).toEqual({ type: '', reason: '' })
  },
)

test('the words of a server stay on one line and do not get long', () => {
  const { reason } = readServerError({ type: 'x', reason: `a\u001b[2J\n\u202eb\u0085${'c'.repeat(1_000)}` })
  expect(reason).toMatch(/^a \[2J b c+…$/)
  expect(reason.length).toBeLessThan(310)
})

test('a type that does not look like one is left out', () => {
  expect(readServerError({ type: 'the number +15550100', reason: 'r' }).type).toBe('')
})
