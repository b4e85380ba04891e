import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres, writeCertificates } from '@cdrstream-internal/services'
import { Client } from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { makeRecord } from './support/records.ts'
import { makeSink, queryAt, TrialSink, tryOpen } from './support/trial-sink.ts'

test('a server that is repeatedly killed during a batch ends up with each record once', async () => {
  await using server = await startPostgres()
  const trial = new TrialSink({ url: server.url })
  await trial.open()
  const batch = Array.from({ length: 2_000 }, (_, number) => makeRecord(`key-${number}`))
  for (let round = 0; round < 3; round += 1) {
    await blockCopies(server.url)
    const writing = trial.write(...batch)
    await expect.poll(() => waitingCopies(server.url)).toBe(1)
    await server.kill()
    expect(await writing).toMatchObject({ kind: 'retry' })
    await server.start()
    trial.rewind()
    await trial.open()
    expect(await countRecords(server.url)).toEqual([{ records: 0, keys: 0 }])
  }

  expect(await trial.write(...batch)).toEqual({ kind: 'accepted' })
  expect(await trial.write(...batch)).toEqual({ kind: 'accepted' })

  expect(await countRecords(server.url)).toEqual([{ records: 2_000, keys: 2_000 }])
  await trial.close()
})

/** Blocks every COPY until the server ends. */
async function blockCopies(url: string): Promise<void> {
  const client = new Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  await client.query('begin; lock table cdr.record in share mode')
}

async function waitingCopies(url: string): Promise<number> {
  const rows = await queryAt(
    url,
    `select 1 from pg_stat_activity where application_name = 'cdrstream' and wait_event_type = 'Lock' and query like 'copy%'`,
  )
  return rows.length
}

function countRecords(url: string) {
  return queryAt(url, 'select count(*)::int as records, count(distinct key)::int as keys from cdr.record')
}

test('the TLS modes work as in psql, and a client certificate signs in', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'cdrstream-tls-'))
  chmodSync(directory, 0o755)
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const files = await writeCertificates(directory)
  await using server = await startPostgres({
    tls: { certificate: files.certificate, key: files.key, clientCa: files.clientCa },
  })
  const opened = (more: Readonly<Record<string, unknown>>) => tryOpen(makeSink({ url: server.url, ...more }))
  const client = { sslcert: files.clientCertificate, sslkey: files.clientKey }

  expect(await opened({ ...client, sslmode: 'verify-full', sslrootcert: files.ca })).toMatchObject({
    kind: 'opened',
  })
  expect(await opened({ ...client, sslmode: 'require' })).toMatchObject({ kind: 'opened' })
  expect(await opened({ ...client, sslmode: 'verify-full' })).toMatchObject({
    kind: 'failed',
    code: 'tls-refused',
  })
  expect(await opened({ ...client, sslmode: 'verify-full', sslrootcert: files.clientCa })).toMatchObject({
    kind: 'failed',
    code: 'tls-refused',
  })
  expect(await opened({ sslmode: 'disable' })).toMatchObject({ kind: 'failed', code: 'sign-in-refused' })
  expect(await opened({ sslmode: 'require' })).toMatchObject({ kind: 'failed', code: 'sign-in-refused' })
  expect(await opened({ ...client, sslmode: 'require', sslcert: '/no/such/file' })).toMatchObject({
    kind: 'failed',
    code: 'no-file',
  })
})

test('a server without TLS, a missing database and a server that is down have different outcomes', async () => {
  await using server = await startPostgres({ durable: false })
  const opened = (url: string, more: Readonly<Record<string, unknown>> = {}) =>
    tryOpen(makeSink({ url, ...more }))

  expect(await opened(server.url, { sslmode: 'require' })).toMatchObject({
    kind: 'failed',
    code: 'tls-refused',
  })
  expect(await opened(server.url.replace(/postgres$/, 'no_such'))).toMatchObject({
    kind: 'failed',
    code: 'no-database',
  })
  await server.kill()
  expect(await opened(server.url)).toMatchObject({ kind: 'retry' })
})
