import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { compareKeysWithLedger } from '@cdrstream/simulator'
import { sharedPostgresUrl, startPostgres } from '@cdrstream-internal/services'
import { expect, test } from 'vitest'
import { addSinks, ask, connect, countRows, postgresSink } from './support/operated-collector.ts'
import { busyMix, drain, simulateApi } from './support/simulated-api.ts'
import { runCommand, startCommand } from './support/start-command.ts'

const slowly = { interval: 300 }
const rate = { recordsPerMinute: 12_000, mix: busyMix }

test('a paused sink receives nothing until it is resumed, even if the collector is killed, and loses nothing', async () => {
  const schema = 'sink_pause'
  const url = await sharedPostgresUrl()
  await using database = await connect(url)
  await database.query(`drop schema if exists ${schema} cascade`)
  await using api = await simulateApi({ seed: 41, ...rate })
  addSinks(api, [postgresSink(url, schema)])
  const { directory } = api
  const rows = () => countRows(database, schema)
  const files = async () => (await api.compare()).delivered

  const first = startCommand(['run'], { directory })
  await expect.poll(rows, slowly).toBeGreaterThan(200)
  expect(await ask(api, 'sink', 'pause', 'warehouse')).toMatchObject({
    code: 0,
    state: 'done',
    resultCode: 'paused',
  })
  // The collector finishes a batch that is being written.
  await setTimeout(1_000)
  const paused = await rows()
  const filesThen = await files()
  await expect.poll(files, slowly).toBeGreaterThan(filesThen + 500)
  expect(await rows()).toBe(paused)

  first.process.kill('SIGKILL')
  await first.ended
  const second = startCommand(['run'], { directory })
  const filesAgain = await files()
  await expect.poll(files, slowly).toBeGreaterThan(filesAgain + 500)
  expect(await rows()).toBe(paused)
  expect(second.err()).toContain('"code":"paused-by-operator"')

  expect(await ask(api, 'sink', 'resume', 'warehouse')).toMatchObject({ code: 0, resultCode: 'resumed' })
  await drain(api)
  const shown = async () => (await database.query(`select org, key from ${schema}.record`)).rows
  await expect
    .poll(async () => compareKeysWithLedger(api.simulator.ledger, await shown()).missing.length, slowly)
    .toBe(0)
  second.process.kill('SIGTERM')
  expect((await second.ended).code).toBe(0)
  expect(compareKeysWithLedger(api.simulator.ledger, await shown())).toMatchObject({ twice: 0, invented: 0 })
})

test('after a fix, "sink retry" immediately calls a sink that would otherwise wait for minutes', async () => {
  await using postgres = await startPostgres()
  await using api = await simulateApi({ seed: 42, ...rate })
  addSinks(api, [postgresSink(postgres.url, 'sink_retry')])
  const collector = startCommand(['run'], { directory: api.directory })
  await using database = await connect(postgres.url)
  // A schema that belongs to a different program requires user action.
  await database.query('create schema sink_retry; create table sink_retry.record (id int)')
  await expect.poll(() => collector.err(), slowly).toMatch(/"sink":"warehouse".*"remedy"/)
  // At this point, the next attempt is many seconds away.
  await setTimeout(12_000)
  await database.query('drop schema sink_retry cascade')
  expect(await ask(api, 'sink', 'retry', 'warehouse')).toMatchObject({ code: 0, resultCode: 'retried' })
  await expect
    .poll(() => countRows(database, 'sink_retry'), { interval: 100, timeout: 8_000 })
    .toBeGreaterThan(0)
  collector.process.kill('SIGTERM')
  await collector.ended
})

test('without a collector, the commands change the journal themselves, and invalid arguments change nothing', async () => {
  await using api = await simulateApi({ seed: 43, ...rate })
  const { directory } = api
  const missing = await runCommand(['sink', 'pause', 'files'], { directory })
  expect(missing).toMatchObject({ code: 1, out: '' })
  expect(readdirSync(directory)).toEqual(['cdrstream.yaml'])

  expect((await runCommand(['run', '--once'], { directory })).code).toBe(0)
  const journal = join(directory, 'data/cdrstream.db')
  const before = readFileSync(journal)
  for (const args of [
    ['sink', 'pause', 'fils'],
    ['sink', 'retry', 'nobody'],
    ['replay', '--sink', 'nobody'],
    ['replay', '--sink', 'files', '--from', '2026-11-30T08:00:00'],
    ['replay', '--sink', 'files', '--from', 'yesterday'],
    ['quarantine', 'retry'],
    ['quarantine', 'drop', '--all', '--sink'],
    ['quarantine', 'show', 'x'],
  ]) {
    const { code, out, err } = await runCommand(args, { directory })
    expect({ args, code, out }).toEqual({ args, code: 2, out: '' })
    expect(err.trim().split('\n').length).toBeLessThanOrEqual(2)
  }
  expect(readFileSync(journal).equals(before)).toBe(true)
  expect(statSync(`${journal}-wal`, { throwIfNoEntry: false })?.size ?? 0).toBe(0)

  expect(await ask(api, 'sink', 'forget', 'files')).toMatchObject({
    code: 2,
    state: 'refused',
    resultCode: 'sink-configured',
  })
  expect(await ask(api, 'sink', 'forget', 'old')).toMatchObject({ code: 2, resultCode: 'unknown-sink' })
  expect(await ask(api, 'sink', 'pause', 'files')).toMatchObject({ code: 0, resultCode: 'paused' })
  const delivered = (await api.compare()).delivered
  expect((await runCommand(['run', '--once'], { directory })).code).toBe(1)
  expect((await api.compare()).delivered).toBe(delivered)
  expect(await ask(api, 'sink', 'resume', 'files')).toMatchObject({ code: 0, resultCode: 'resumed' })
  expect((await runCommand(['run', '--once'], { directory })).code).toBe(0)
  expect((await api.compare()).delivered).toBeGreaterThan(delivered)
})
