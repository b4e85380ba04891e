import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startPostgres } from '@cdrstream-internal/services'
import { expect, test } from 'vitest'
import { makeRecord } from './support/records.ts'
import { call, makeSink, queryAt, TrialSink, tryOpen } from './support/trial-sink.ts'

const findings = async (url: string) => (await makeSink({ url }).check?.(call)) ?? []

test('a standby makes the sink wait until the standby is promoted', async () => {
  await using server = await startPostgres()
  const trial = new TrialSink({ url: server.url })
  await trial.open()
  await trial.write(makeRecord('a'))
  const [data] = await queryAt(server.url, 'show data_directory')
  await server.kill()
  writeFileSync(join(String(data?.data_directory), 'standby.signal'), '')
  await server.start()

  await trial.open()
  expect(await trial.write(makeRecord('b'))).toMatchObject({ kind: 'retry' })
  expect(await findings(server.url)).toContainEqual(
    expect.objectContaining({ level: 'warning', code: 'read-only' }),
  )
  expect(await findings(server.url)).not.toContainEqual(expect.objectContaining({ level: 'error' }))

  await queryAt(server.url, 'select pg_promote()')
  await trial.open()
  trial.rewind()
  expect(await trial.write(makeRecord('a'), makeRecord('b'))).toEqual({ kind: 'accepted' })
  expect(await findings(server.url)).not.toContainEqual(expect.objectContaining({ code: 'read-only' }))
  await trial.close()
})

test('with several hosts, the sink uses the host that is reachable and accepts writes', async () => {
  await using readOnly = await startPostgres({
    durable: false,
    settings: { default_transaction_read_only: 'on' },
  })
  await using writable = await startPostgres({ durable: false })
  const [first, second] = [readOnly.url, writable.url].map((url) => new URL(url).host)
  const url = `postgres://postgres@127.0.0.1:1,${first},${second}/postgres?target_session_attrs=read-write`

  const trial = new TrialSink({ url })
  await trial.open()
  expect(await trial.write(makeRecord('a'))).toEqual({ kind: 'accepted' })
  await trial.close()
  expect(await queryAt(writable.url, 'select key from cdr.record')).toEqual([{ key: 'a' }])

  await queryAt(writable.url, 'alter system set default_transaction_read_only = on')
  await queryAt(writable.url, 'select pg_reload_conf()')
  await expect.poll(() => tryOpen(makeSink({ url }))).toMatchObject({ kind: 'retry' })
  expect(await findings(url)).toMatchObject([{ level: 'warning', code: 'not-ready' }])
})
