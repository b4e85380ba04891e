import { SinkFault } from '@cdrstream/sink-kit'
import { describe, expect, test } from 'vitest'
import { classifyError } from './classify-error.ts'

function error(code: string, message = 'words', constraint?: string): Error {
  return Object.assign(new Error(message), { code, constraint })
}

describe('an error is classified as', () => {
  test('retry if the row has no partition, because the next session recreates it', () => {
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
  ])('retry for the code "%s"', (code) => {
    expect(classifyError(error(code))).toMatchObject({ kind: 'retry' })
  })

  test.each(['22021', '22P02', '23502', '23514', '54000'])(
    'rejected for SQLSTATE %s, so that the engine finds the faulty record',
    (code) => {
      expect(classifyError(error(code, 'words', 'custom_check'))).toMatchObject({ kind: 'rejected' })
    },
  )

  test.each([
    ['28P01', 'sign-in-refused'],
    ['42501', 'permission-denied'],
    ['3D000', 'no-database'],
    ['42P01', 'schema-differs'],
    ['53100', 'disk-full'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls-refused'],
  ])('failed for the code %s, as %s with a remedy', (code, name) => {
    expect(classifyError(error(code))).toMatchObject({
      kind: 'failed',
      code: name,
      remedy: expect.stringMatching(/./),
    })
  })

  test('failed for a SinkFault, with its code and remedy', () => {
    expect(classifyError(new SinkFault('schema-newer', 'use that one'))).toEqual({
      kind: 'failed',
      code: 'schema-newer',
      remedy: 'use that one',
    })
  })
})

test.each(['22P02', '23505', '23514', '54000'])(
  "the outcome for SQLSTATE %s omits the server's message, which may quote a record",
  (code) => {
    const outcome = classifyError(error(code, 'invalid input: "+15551234"'))

    expect(JSON.stringify([outcome, 'cause' in outcome ? String(outcome.cause) : ''])).not.toContain(
      '5551234',
    )
  },
)
