import { startPostgres } from '@cdrstream-internal/services'
import { expect, test } from 'vitest'
import { call, makeSink, queryAt, tryOpen } from './support/trial-sink.ts'

test('a missing or wrong password fails with `sign-in-refused`, regardless of the method', async () => {
  await using server = await startPostgres()
  await queryAt(
    server.url,
    `create role collector login password 'a-password-of-the-test'; grant create on database postgres to collector`,
  )
  const [{ file } = { file: '' }] = await queryAt(server.url, `select current_setting('hba_file') as file`)
  const methods = async (method: string) => {
    await queryAt(
      server.url,
      `copy (select 'host all collector 127.0.0.1/32 ${method}' union all select 'host all all 127.0.0.1/32 trust') to '${file}'`,
    )
    await queryAt(server.url, 'select pg_reload_conf()')
  }
  const url = new URL(server.url)
  url.username = 'collector'
  url.password = ''
  const open = (password: string) => {
    url.password = password
    return tryOpen(makeSink({ url: url.href }))
  }

  for (const method of ['scram-sha-256', 'md5', 'password']) {
    await methods(method)
    await expect
      .poll(() => open(''))
      .toMatchObject({
        kind: 'failed',
        code: 'sign-in-refused',
        remedy: expect.stringContaining('PGPASSWORD'),
      })
    expect(await open('another')).toMatchObject({ kind: 'failed', code: 'sign-in-refused' })
    expect(await open('a-password-of-the-test')).toMatchObject({ kind: 'opened' })
  }
  url.password = ''
  expect(await makeSink({ url: url.href }).check?.(call)).toMatchObject([
    { level: 'error', code: 'sign-in-refused', message: expect.stringContaining('PGPASSWORD') },
  ])
})
