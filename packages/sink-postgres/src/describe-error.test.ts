import { DatabaseError } from 'pg'
import { describe, expect, test } from 'vitest'
import { describeError } from './describe-error.ts'

function serverError(code: string, message: string, more: Partial<DatabaseError> = {}): DatabaseError {
  return Object.assign(new DatabaseError(message, message.length, 'error'), { code, ...more })
}

describe('a server error is described by its SQLSTATE and the names of database objects', () => {
  test.each([
    [serverError('42501', 'permission denied for table record'), ['SQLSTATE 42501', 'table record']],
    [serverError('42P01', 'relation "cdr.record" does not exist'), ['SQLSTATE 42P01', 'relation cdr.record']],
    [serverError('3D000', 'database "calls" does not exist'), ['database calls']],
    [serverError('28P01', 'password authentication failed for user "collector"'), ['user collector']],
    [
      serverError('23514', 'x', { where: 'COPY record, line 2', table: 'record', constraint: 'custom' }),
      ['SQLSTATE 23514', 'table record', 'constraint custom'],
    ],
  ])('%s', (error, parts) => {
    for (const part of parts) expect(describeError(error)).toContain(part)
  })
})

const inFunction = { where: 'PL/pgSQL function cdr.object() line 1 at RAISE\nCOPY record, line 1' }
const inRow = { detail: 'canary', hint: 'canary', where: 'COPY record, line 1, column user: "canary"' }
const refused = { code: 'ECONNREFUSED', address: 'canary name', port: 5432 }

describe('a description never contains a value', () => {
  test.each([
    ['from a trigger', serverError('P0001', 'canary +15551234', inFunction)],
    [
      'from a trigger that sets a custom SQLSTATE',
      serverError('42501', 'permission denied for table canary', inFunction),
    ],
    [
      'from a statement that a trigger built',
      serverError('42P01', 'relation "canary" does not exist', inFunction),
    ],
    [
      'from a trigger that sets a constraint name',
      serverError('23505', 'x', { ...inFunction, constraint: 'canary' }),
    ],
    ["from an error's detail", serverError('22P02', 'invalid: "canary"', inRow)],
    ['that appears in place of a name', serverError('42P01', 'relation "Canary 15551234" does not exist')],
    ['from an error with an unknown SQLSTATE', serverError('ZZ001', 'canary')],
    ['from a connection error', Object.assign(new Error('connect canary'), refused)],
    ['from an error without a code', new Error('unexpected canary')],
    ['that is thrown in place of an error', 'canary'],
  ])('%s', (_, error) => {
    expect(describeError(error)).not.toMatch(/canary|15551234/i)
  })
})

test('the description of a connection error includes the address', () => {
  const error = Object.assign(new Error(''), { code: 'ECONNREFUSED', address: '127.0.0.1', port: 5432 })
  expect(describeError(error)).toContain('ECONNREFUSED 127.0.0.1 port 5432')
  expect(describeError(new AggregateError([error]))).toContain('ECONNREFUSED 127.0.0.1 port 5432')
  expect(describeError(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))).toContain('(EPIPE)')
})
