import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { startPostgres } from '@cdrstream-internal/services'
import { Client } from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { OrgStatus, SinkStatus, Status } from '../src/status/status.ts'
import { type SimulatedApi, simulateApi } from './support/simulated-api.ts'
import { runCommand, startCommand } from './support/start-command.ts'

const slowly = { interval: 250 }
const oneLine = /^[^\n]+\n$/

async function simulated(recordsPerMinute = 600): Promise<SimulatedApi> {
  const api = await simulateApi({ seed: 5, recordsPerMinute })
  onTestFinished(() => api[Symbol.asyncDispose]())
  const file = join(api.directory, 'cdrstream.yaml')
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.replace('cdrstream.db"', 'cdrstream.db", minFreeDisk: 1MB'))
  return api
}

function addSink({ directory }: SimulatedApi, sink: string): void {
  const file = join(directory, 'cdrstream.yaml')
  writeFileSync(file, readFileSync(file, 'utf8').replace('webex:', `  - ${sink}\nwebex:`))
}

async function status({ directory }: SimulatedApi): Promise<Status> {
  const { out } = await runCommand(['status', '--json'], { directory })
  return out === '' ? { ...({} as Status), orgs: [], sinks: [] } : JSON.parse(out)
}

const stateOf = ({ state: { state, code } }: OrgStatus | SinkStatus) =>
  code === null ? state : `${state} ${code}`
const orgState = async (api: SimulatedApi) => (await status(api)).orgs.map(stateOf)[0]
const sinkOf = async (api: SimulatedApi, name: string) =>
  (await status(api)).sinks.find((sink) => sink.name === name)
const check = ({ directory }: SimulatedApi, ...more: readonly string[]) =>
  runCommand(['status', '--check', ...more], { directory })

test('the status of a sink that requires user action matches the log, from another process and after a crash', async () => {
  await using postgres = await startPostgres()
  const api = await simulated()
  const url = new URL(postgres.url)
  url.pathname = '/calls'
  addSink(api, `{ name: warehouse, use: postgres, options: { url: "${url}" } }`)
  const collector = startCommand(['run'], { directory: api.directory })
  await expect.poll(async () => (await sinkOf(api, 'warehouse'))?.state.state, slowly).toBe('paused')

  const sink = await sinkOf(api, 'warehouse')
  const line = collector
    .err()
    .split('\n')
    .flatMap((text) => (text.includes('"sink":"warehouse","code"') ? [JSON.parse(text)] : []))
    .at(-1)
  expect(sink?.state).toMatchObject({ code: line.code, remedy: line.remedy })
  expect(Date.parse(sink?.state.nextTryAt ?? '')).toBeGreaterThan(Date.parse(sink?.state.since ?? ''))
  const text = await runCommand(['status'], { directory: api.directory })
  expect(text.out).toContain(`paused (${line.code})`)
  const problem = await check(api)
  expect(problem).toMatchObject({ code: 1, err: '' })
  expect(problem.out).toMatch(oneLine)
  expect(problem.out).toContain('sink warehouse is paused')

  collector.process.kill('SIGKILL')
  await collector.ended
  expect((await sinkOf(api, 'warehouse'))?.state).toMatchObject({
    state: 'waiting',
    code: 'no-collector',
    last: { state: 'paused', code: line.code },
  })
  expect((await check(api)).out).toContain('no collector is running')

  const client = new Client({ connectionString: postgres.url })
  await client.connect()
  await client.query('create database calls')
  await client.end()
  const next = startCommand(['run'], { directory: api.directory })
  await expect.poll(async () => (await sinkOf(api, 'warehouse'))?.state.state, slowly).toBe('ok')
  expect(await check(api)).toMatchObject({ code: 0, out: expect.stringMatching(/^ok: [^\n]+\n$/) })
  postgres.suspend()
  await postgres.kill()
  await expect.poll(async () => (await sinkOf(api, 'warehouse'))?.state.state, slowly).toBe('retrying')
  next.process.kill('SIGTERM')
  expect((await next.ended).code).toBe(0)
})

test('an org is retrying while the API is down, and ok again afterwards', async () => {
  const api = await simulated()
  const collector = startCommand(['run'], { directory: api.directory })
  await expect.poll(() => orgState(api), slowly).toBe('ok')
  api.simulator.outage(Date.now(), Number.POSITIVE_INFINITY)
  await expect.poll(() => orgState(api), slowly).toMatch(/^retrying /)
  const [org] = (await status(api)).orgs
  expect(org?.state).toMatchObject({ cause: expect.any(String), nextTryAt: expect.any(String) })
  api.simulator.heal()
  await expect.poll(() => orgState(api), slowly).toBe('ok')
  collector.process.kill('SIGKILL')
})

test('--watch in a pipe prints a line for each change, and stops on Ctrl-C', async () => {
  const api = await simulated()
  const collector = startCommand(['run'], { directory: api.directory })
  await expect.poll(() => orgState(api), slowly).toBe('ok')
  const watching = startCommand(['status', '--watch'], { directory: api.directory })
  await expect.poll(watching.out, slowly).toMatch(/Z 1 org: 1 ok; 1 sink: 1 ok\n$/)
  collector.process.kill('SIGKILL')
  await expect
    .poll(watching.out, slowly)
    .toMatch(/Z 1 org: 1 waiting \(acme\); 1 sink: 1 waiting \(files\)\n$/)
  watching.process.kill('SIGINT')
  expect(await watching.ended).toMatchObject({ code: 0, err: '' })
})

describe('a status that cannot be read', () => {
  async function stopped(): Promise<SimulatedApi & { readonly journal: string }> {
    const api = await simulated()
    await runCommand(['doctor', '--no-wait'], { directory: api.directory })
    return { ...api, journal: join(api.directory, 'data/cdrstream.db') }
  }

  const asked = [[[]], [['--check']], [['--watch']]] as const

  test.each(asked)(
    'is reported in one line with code 2 if a newer version wrote the journal (%s)',
    async (args) => {
      const api = await stopped()
      const database = new DatabaseSync(api.journal)
      database.exec('PRAGMA user_version = 999')
      database.close()
      const { code, out, err } = await runCommand(['status', ...args], { directory: api.directory })
      expect(code).toBe(2)
      expect(out + err).toMatch(oneLine)
      expect(out + err).toContain('newer')
    },
  )

  test.each(asked)('is reported in one line with code 1 if the journal is damaged (%s)', async (args) => {
    const api = await stopped()
    writeFileSync(api.journal, Buffer.alloc(8_192, 7))
    const before = readFileSync(api.journal)
    const { code, out, err } = await runCommand(['status', ...args], { directory: api.directory })
    expect(code).toBe(1)
    expect(out + err).toMatch(oneLine)
    expect(readFileSync(api.journal)).toEqual(before)
  })

  test('is reported in one line if another program has locked the journal', async () => {
    const api = await stopped()
    const database = new DatabaseSync(api.journal)
    database.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE')
    const { code, out, err } = await runCommand(['status'], { directory: api.directory })
    database.close()
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(oneLine)
  })

  test('does not depend on a second collector, which exits with code 2', async () => {
    const api = await simulated()
    const collector = startCommand(['run'], { directory: api.directory })
    await expect.poll(() => orgState(api), slowly).toBe('ok')
    expect((await runCommand(['run'], { directory: api.directory })).code).toBe(2)
    expect(await orgState(api)).toBe('ok')
    collector.process.kill('SIGKILL')
  })

  // Only root can become another user.
  if (process.getuid?.() === 0) {
    test('is reported in one line with the owner if the journal belongs to another user', async () => {
      const api = await stopped()
      chmodSync(api.directory, 0o755)
      chmodSync(join(api.directory, 'cdrstream.yaml'), 0o644)
      const { code, out, err } = await runCommand(['status'], { directory: api.directory, user: 65_534 })
      expect({ code, out }).toEqual({ code: 2, out: '' })
      expect(err).toMatch(oneLine)
      expect(err).toContain('uid 65534')
    })
  }

  test.each([
    [['--org', 'nobody']],
    [['--max-lag', '5m']],
    [['--check', '--max-lag', 'soon']],
    [['--check', '--watch']],
  ])('is reported with code 2 and the reason for invalid options: %s', async (args) => {
    const api = await stopped()
    const { code, out, err } = await runCommand(['status', ...args], { directory: api.directory })
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(
      args.includes('--org') ? '--org' : args.includes('--watch') ? '--watch' : '--max-lag',
    )
  })
})
