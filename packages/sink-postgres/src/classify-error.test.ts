import { SinkFault } from '@cdrstream/sink-kit'
import { describe, expect, test } from 'vitest'
import { classifyError } from './classify-error.ts'

function error(code: string, message = 'words', constraint?: string): Error {
  return Object.assign(new Error(message), { code, constraint })
}

describe('an error becomes', () => {
  test('retry, if the row has no partition: it was dropped, and is made again', () => {
    expect(classifyError(error('23514'))).toMatchObject({ kind: 'retry' })
  })

  test.each([
    '08006',
    '25006',
    '57P01',
    '57P02',
    '57P03',
    '53300',
    '40001',
    '40P01',
    '55P03',
    '23505',
    'ECONNREFUSED',
    'ECONNRESET',
    '',
  ])('retry: %s', (code) => {
    expect(classifyError(error(code))).toMatchObject({ kind: 'retry' })
  })

  test.each(['22021', '22P02', '23502', '23514', '54000'])(
    'rejected, so that the engine finds the record: %s',
    (code) => {
      expect(classifyError(error(code, 'words', 'of_theirs'))).toMatchObject({ kind: 'rejected' })
    },
  )

  test.each([
    ['28P01', 'sign-in-refused'],
    ['42501', 'permission-denied'],
    ['3D000', 'no-database'],
    ['42P01', 'schema-differs'],
    ['53100', 'disk-full'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls-refused'],
  ])('failed, with a remedy: %s', (code, name) => {
    expect(classifyError(error(code))).toMatchObject({
      kind: 'failed',
      code: name,
      remedy: expect.stringMatching(/./),
    })
  })

  test('failed with the code and the remedy of a SinkFault', () => {
    expect(classifyError(new SinkFault('schema-newer', 'use that one'))).toEqual({
      kind: 'failed',
      code: 'schema-newer',
      remedy: 'use that one',
    })
  })
})

test.each(['22P02', '23505', '23514', '54000'])(
  'the words of the server are left out where they may quote a record: %s',
  (code) => {
    const outcome = classifyError(error(code, 'invalid input: "+15551234"'))

    expect(JSON.stringify([outcome, 'cause' in outcome ? String(outcome.cause) : ''])).not.toContain(
      '5551234',
    )
  },
)
