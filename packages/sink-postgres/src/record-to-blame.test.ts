import { DatabaseError } from 'pg'
import { describe, expect, test } from 'vitest'
import { blamesRecord, copyLine } from './record-to-blame.ts'

function serverError(code: string, where?: string, constraint?: string): DatabaseError {
  return Object.assign(new DatabaseError('words', 0, 'error'), { code, where, constraint })
}

const line = 'COPY record, line 3, column extra'

describe("an error is the record's fault", () => {
  test.each([
    ['22P02', undefined, undefined],
    ['54000', undefined, 'record_called_number'],
    ['23514', undefined, 'custom'],
    ['23502', line, undefined],
    ['08P01', line, undefined],
    ['XX000', line, undefined],
    ['P0001', `PL/pgSQL function object() line 1 at RAISE\n${line}`, undefined],
    ['23505', line, 'custom'],
  ])('for SQLSTATE %s at %s, constraint %s', (code, where, constraint) => {
    expect(blamesRecord(serverError(code, where, constraint))).toBe(true)
  })
})

describe("an error is not the record's fault", () => {
  test.each([
    ['08P01', undefined, undefined],
    ['XX000', undefined, undefined],
    ['23514', line, undefined],
    ['23505', line, 'record_2026_11_pkey'],
    ['23505', undefined, 'custom'],
    ['40P01', line, undefined],
    ['53100', line, undefined],
    ['57014', line, undefined],
    ['XX001', line, undefined],
  ])('for SQLSTATE %s at %s, constraint %s', (code, where, constraint) => {
    expect(blamesRecord(serverError(code, where, constraint))).toBe(false)
  })

  test('if the connection failed', () => {
    expect(blamesRecord(Object.assign(new Error('reset'), { code: 'ECONNRESET' }))).toBe(false)
  })
})

test.each([
  ['COPY record, line 3', 3],
  [line, 3],
  [`SQL function "f" statement 1\n${line}`, 3],
  ['SQL statement "copy record, line 3"', undefined],
  [undefined, undefined],
])('the context %j contains the COPY line %s', (where, expected) => {
  expect(copyLine(serverError('22P02', where))).toBe(expected)
})
