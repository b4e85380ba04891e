import { describe, expect, test } from 'vitest'
import { postgresSinkOptions } from './postgres-sink-options.ts'

describe('the options of the Postgres sink', () => {
  test('all have defaults', () => {
    expect(postgresSinkOptions.parse({})).toEqual({
      schema: 'cdr',
      manageSchema: true,
      rawText: false,
      keepRevisions: false,
      retentionMs: undefined,
    })
  })

  test.each([
    'postgres://',
    'postgresql://user@/db?host=/run/postgresql',
    'postgres://user:100%@host:5432/db?sslmode=disable',
    'postgres://user:a@b:c@[2001:db8::1]:5432,[2001:db8::2]/db',
    'postgres://one:5432,two:5433/db?target_session_attrs=read-write&channel_binding=require',
  ])('accept the address %s', (url) => {
    expect(postgresSinkOptions.parse({ url })).toMatchObject({ url })
  })

  test.each([
    ['url', 'mysql://host'],
    ['url', 'not an address'],
    ['url', 'postgres://host:port/db'],
    ['url', 'postgres://host:99999/db'],
    ['url', 'postgres://u:%ff@host/db'],
    ['url', 'postgres://host/db?sslmode=prefer'],
    ['url', 'postgres://host/db?sslmode=allow'],
    ['url', 'postgres://host/db?sslmode=foo'],
    ['url', 'postgres://host/db?sslmode='],
    ['url', 'postgres://host/db?ssl=true'],
    ['url', 'postgres://one,two/db?target_session_attrs=standby'],
    ['schema', 'Cdr'],
    ['schema', 'cdr; drop schema public'],
    ['retention', '3d'],
    ['retention', 'a year'],
    ['sslmode', 'prefer'],
    ['sslcert', ''],
    ['unknown', 1],
  ])('reject %s: %j, with an issue that names the option', (name, value) => {
    const result = postgresSinkOptions.safeParse({ [name]: value })

    expect(result.error?.issues.map((issue) => ('keys' in issue ? issue.keys : issue.path))).toEqual([[name]])
  })
})
