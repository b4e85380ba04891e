import { describe, expect, test } from 'vitest'
import { connectionSettings } from './connection/connection-settings.ts'
import { postgresSinkOptions } from './postgres-sink-options.ts'

describe('options', () => {
  test('have defaults for everything', () => {
    expect(postgresSinkOptions.parse({})).toEqual({
      schema: 'cdr',
      manageSchema: true,
      rawText: false,
      keepRevisions: false,
      retentionMs: undefined,
    })
  })

  test.each([
    ['url', 'mysql://host'],
    ['url', 'not an address'],
    ['schema', 'Cdr'],
    ['schema', 'cdr; drop schema public'],
    ['retention', '3d'],
    ['retention', 'a year'],
    ['sslmode', 'prefer'],
    ['sslcert', ''],
    ['unknown', 1],
  ])('%s: %j is refused at its place', (name, value) => {
    const result = postgresSinkOptions.safeParse({ [name]: value })

    expect(result.error?.issues.map((issue) => ('keys' in issue ? issue.keys : issue.path))).toEqual([[name]])
  })
})

describe('a connection', () => {
  const settings = (given: object, variables: NodeJS.ProcessEnv = {}) =>
    new URL(String(connectionSettings(postgresSinkOptions.parse(given), '/base', variables).connectionString))
      .searchParams

  test('takes TLS from the options, then the URL, then the variables; paths are meant from the configuration', () => {
    const url = 'postgres://host/database?sslmode=verify-ca&sslrootcert=ca.pem'

    expect(settings({ url, sslmode: 'verify-full' }).get('sslmode')).toBe('verify-full')
    expect(settings({ url }, { PGSSLMODE: 'disable' }).get('sslmode')).toBe('verify-ca')
    expect(settings({}, { PGSSLMODE: 'require' }).get('sslmode')).toBe('require')
    expect(settings({ url }).get('sslrootcert')).toBe('/base/ca.pem')
    expect(settings({ url, sslrootcert: 'certificates/own.pem' }).get('sslrootcert')).toBe(
      '/base/certificates/own.pem',
    )
  })

  test('means by the modes of TLS what libpq means', () => {
    expect(settings({}).get('uselibpqcompat')).toBe('true')
  })
})
