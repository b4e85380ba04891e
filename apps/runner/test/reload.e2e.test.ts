import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compareKeysWithLedger, compareWithLedger } from '@cdrstream/simulator'
import { sharedPostgresUrl } from '@cdrstream-internal/services'
import { expect, test } from 'vitest'
import { deliveredLines } from '../src/simulate/delivered-lines.ts'
import { addSinks, ask, connect, countRows, postgresSink } from './support/operated-collector.ts'
import { busyMix, drain, type SimulatedApi, simulateApi } from './support/simulated-api.ts'
import { runCommand, type StartedCommand, startCommand } from './support/start-command.ts'

const slowly = { interval: 300 }
const rate = { recordsPerMinute: 12_000, mix: busyMix }

/** Replaces text in the configuration. */
function edit({ directory }: SimulatedApi, from: string | RegExp, to: string): void {
  const file = join(directory, 'cdrstream.yaml')
  const before = readFileSync(file, 'utf8')
  const after = before.replace(from, to)
  expect(after).not.toBe(before)
  writeFileSync(file, after)
}

interface LogLine {
  readonly msg: string
  readonly sink?: string
  readonly org?: string
  readonly code?: string
  readonly problems?: readonly string[]
}

function logOf({ err }: StartedCommand): readonly LogLine[] {
  return err()
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .map((line) => JSON.parse(line))
}

const counted = (collector: StartedCommand, msg: string) =>
  logOf(collector).filter((line) => line.msg === msg).length

async function hangUp(collector: StartedCommand): Promise<void> {
  const msg = 'configuration reloaded'
  const before = counted(collector, msg)
  collector.process.kill('SIGHUP')
  await expect.poll(() => counted(collector, msg)).toBe(before + 1)
}

async function stopped({ process, ended }: StartedCommand): Promise<void> {
  process.kill('SIGTERM')
  const { code, err } = await ended
  expect(code, err).toBe(0)
}

test('a Postgres sink that is added, changed, removed and moved under load loses nothing, and others are not touched', async () => {
  const schemas = ['reload_one', 'reload_two']
  const url = await sharedPostgresUrl()
  await using database = await connect(url)
  for (const schema of schemas) await database.query(`drop schema if exists ${schema} cascade`)
  await using api = await simulateApi({ seed: 51, ...rate })
  const { directory, simulator } = api
  const rows = (schema: string) => countRows(database, schema)
  const collector = startCommand(['run'], { directory })
  await expect.poll(async () => (await api.compare()).delivered, slowly).toBeGreaterThan(200)

  addSinks(api, [postgresSink(url, 'reload_one')])
  expect(await ask(api, 'reload')).toMatchObject({
    code: 0,
    resultCode: 'reloaded',
    details: { orgs: { added: [], changed: [], removed: [] }, sinks: { added: ['warehouse'] } },
  })
  await expect.poll(() => rows('reload_one'), slowly).toBeGreaterThan(500)

  edit(api, 'schema: reload_one', 'schema: reload_one, rawText: true')
  await hangUp(collector)
  edit(api, 'rawText: true', 'rawText: false')
  await hangUp(collector)
  const before = await rows('reload_one')
  await expect.poll(() => rows('reload_one'), slowly).toBeGreaterThan(before + 500)

  const warehouse = / {2}- \{ name: warehouse.*\n/.exec(
    readFileSync(join(directory, 'cdrstream.yaml'), 'utf8'),
  )?.[0]
  edit(api, warehouse ?? '', '')
  expect(await ask(api, 'reload')).toMatchObject({ details: { sinks: { removed: ['warehouse'] } } })
  const removed = await rows('reload_one')
  const filesThen = (await api.compare()).delivered
  await expect.poll(async () => (await api.compare()).delivered, slowly).toBeGreaterThan(filesThen + 500)
  expect(await rows('reload_one')).toBe(removed)

  edit(api, 'webex:', `${warehouse}webex:`)
  await hangUp(collector)
  await expect.poll(() => rows('reload_one'), slowly).toBeGreaterThan(removed + 500)
  edit(api, 'schema: reload_one', 'schema: reload_two')
  expect(await ask(api, 'reload')).toMatchObject({ details: { sinks: { changed: ['warehouse'] } } })
  await expect.poll(() => rows('reload_two'), slowly).toBeGreaterThan(removed)
  expect(await ask(api, 'reload')).toMatchObject({ code: 0, details: { sinks: { changed: [] } } })

  await drain(api)
  const shown = async () => (await database.query('select org, key from reload_two.record')).rows
  const missing = async () => compareKeysWithLedger(simulator.ledger, await shown()).missing.length
  await expect.poll(missing, slowly).toBe(0)
  await stopped(collector)
  expect(compareKeysWithLedger(simulator.ledger, await shown())).toMatchObject({ twice: 0, invented: 0 })
  expect(await api.compare()).toMatchObject({ missing: [], twice: 0, invented: 0 })
  expect(simulator.rateViolations()).toEqual([])
  const opened = logOf(collector).filter(({ msg, sink }) => msg === 'delivery started' && sink === 'files')
  expect(opened.length).toBeLessThan(2)
})

test('a rotated secret is read again, and a sink that hangs delays no org', async () => {
  await using api = await simulateApi({ seed: 52, recordsPerMinute: 1_200 })
  const { directory } = api
  writeFileSync(join(directory, 'token'), 'an-expired-token', { mode: 0o600 })
  writeFileSync(
    join(directory, 'stuck.mjs'),
    `export default {
      cdrstream: 1, name: 'stuck', traits: { idempotence: 'key', timeoutMs: 600_000 },
      options: { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) } },
      create: () => ({ open: () => new Promise(() => {}) }),
    }`,
  )
  edit(api, '"canary-token"', `"${'$'}{file:token}"`)
  addSinks(api, ['{ name: stuck, use: ./stuck.mjs }'])
  const collector = startCommand(['run'], { directory })
  await expect.poll(() => logOf(collector).some(({ org }) => org === 'acme'), slowly).toBe(true)
  writeFileSync(join(directory, 'token'), 'canary-token')
  edit(api, /.*name: stuck.*\n/, '')
  let hasAnswered = false
  const reloading = ask(api, 'reload').finally(() => {
    hasAnswered = true
  })
  await expect.poll(async () => (await api.compare()).delivered, slowly).toBeGreaterThan(0)
  expect(hasAnswered).toBe(false)
  expect(await reloading).toMatchObject({
    code: 0,
    details: { orgs: { changed: ['acme'] }, sinks: { removed: ['stuck'] } },
  })
  expect(collector.err()).not.toContain('an-expired-token')
  await stopped(collector)
})

test('a wrong configuration is refused with the line of validate, and the old one stays in use', async () => {
  await using api = await simulateApi({ seed: 53, recordsPerMinute: 1_200 })
  const { directory } = api
  const file = join(directory, 'cdrstream.yaml')
  const right = readFileSync(file, 'utf8')
  writeFileSync(join(directory, 'broken.mjs'), 'export default {')
  const collector = startCommand(['run'], { directory })
  await expect.poll(async () => (await api.compare()).delivered, slowly).toBeGreaterThan(10)
  const wrong: readonly (readonly [from: string, to: string, key: string])[] = [
    ['webex:', '  - { name: mine, use: ./broken.mjs }\nwebex:', 'sinks[1].use'],
    [
      'webex:',
      '  - { name: db, use: postgres, options: { url: "postgres://a/b", schmea: x } }\nwebex:',
      'sinks[1].options.schmea',
    ],
    [
      'webex:',
      '  - { name: two, use: file, options: { directory: ./records } }\nwebex:',
      'sinks[1].options.directory',
    ],
    ['"canary-token"', `"${'$'}{file:missing}"`, 'orgs[0].auth.accessToken'],
    ['pageSize: 500', 'pageSize: many', 'webex.pageSize'],
  ]
  for (const [from, to, key] of wrong) {
    writeFileSync(file, right.replace(from, to))
    const refused = await ask(api, 'reload')
    expect(refused.code).toBe(2)
    expect(`${refused.err}${JSON.stringify(refused.details)}`).toContain(key)
    collector.process.kill('SIGHUP')
    const found = () =>
      logOf(collector).some(
        ({ code, problems = [] }) => code === 'reload-refused' && problems.some((line) => line.includes(key)),
      )
    await expect.poll(found).toBe(true)
  }
  writeFileSync(file, right.replace('pageSize: 500', 'pageSize: 400'))
  expect(await ask(api, 'reload')).toMatchObject({ code: 0, details: { needRestart: ['webex.pageSize'] } })
  const plain = await runCommand(['reload'], { directory })
  expect(plain.out).toBe('reloaded: nothing has changed; restart the collector to apply webex.pageSize\n')
  await drain(api)
  await expect.poll(async () => (await api.compare()).missing.length, slowly).toBe(0)
  await stopped(collector)
  expect(await api.compare()).toMatchObject({ missing: [], twice: 0, invented: 0 })
  expect(counted(collector, 'configuration reloaded')).toBe(2)

  const alone = await runCommand(['reload'], { directory })
  expect([alone.code, alone.out]).toEqual([1, ''])
  expect(alone.err).toContain('no collector is running')
})

test('an org is renamed by a reload without reading anything twice', async () => {
  await using api = await simulateApi({
    seed: 54,
    ...rate,
    orgs: [
      { name: 'acme', token: 'canary-token' },
      { name: 'blue', token: 'canary-other' },
    ],
  })
  const { directory, simulator } = api
  const delivered = async () => {
    const lines = await deliveredLines(join(directory, 'records'))
    return lines.map(({ org, text }) => ({ org: org === 'globex' ? 'acme' : org, text }))
  }
  const collector = startCommand(['run'], { directory })
  await expect.poll(async () => (await delivered()).length, slowly).toBeGreaterThan(500)
  edit(api, 'name: acme', 'name: globex, formerly: acme')
  expect(await ask(api, 'reload')).toMatchObject({
    details: { orgs: { added: ['globex'], changed: [], removed: ['acme'] } },
  })
  const before = (await delivered()).length
  await expect.poll(async () => (await delivered()).length, slowly).toBeGreaterThan(before + 1_000)
  edit(api, 'name: globex, formerly: acme', 'name: globex')
  expect(await ask(api, 'reload')).toMatchObject({
    details: { orgs: { added: [], changed: [], removed: [] } },
  })
  await drain(api)
  const compared = async () => compareWithLedger(simulator.ledger, await delivered())
  await expect.poll(async () => (await compared()).missing.length, slowly).toBe(0)
  await stopped(collector)
  expect(await compared()).toMatchObject({ missing: [], twice: 0, invented: 0 })
  expect(simulator.rateViolations()).toEqual([])
})

test('a collector that is killed in the middle of a reload applies the configuration when it starts, and answers', async () => {
  const schema = 'reload_killed'
  const url = await sharedPostgresUrl()
  await using database = await connect(url)
  await database.query(`drop schema if exists ${schema} cascade`)
  await using api = await simulateApi({ seed: 55, ...rate })
  const { directory, simulator } = api
  addSinks(api, [postgresSink(url, schema)])
  const first = startCommand(['run'], { directory })
  await expect.poll(() => countRows(database, schema), slowly).toBeGreaterThan(300)
  // The sink cannot finish its batch, so the reload waits for it.
  await database.query(`begin; lock table ${schema}.record in access exclusive mode`)
  edit(api, 'options: { url', 'options: { rawText: true, url')
  const reloading = ask(api, 'reload')
  await expect.poll(() => counted(first, 'applying the new configuration')).toBe(1)
  first.process.kill('SIGKILL')
  await first.ended
  await database.query('rollback')
  const second = startCommand(['run'], { directory })
  expect(await reloading).toMatchObject({ code: 0, state: 'done' })
  await drain(api)
  const shown = async () => (await database.query(`select org, key from ${schema}.record`)).rows
  const missing = async () => compareKeysWithLedger(simulator.ledger, await shown()).missing.length
  await expect.poll(missing, slowly).toBe(0)

  second.process.kill('SIGHUP')
  await stopped(second)
  expect(compareKeysWithLedger(simulator.ledger, await shown())).toMatchObject({ twice: 0, invented: 0 })
  expect(await api.compare()).toMatchObject({ missing: [], twice: 0, invented: 0 })
})
