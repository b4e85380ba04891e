import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { compareKeysWithLedger } from '@cdrstream/simulator'
import { sharedPostgresUrl } from '@cdrstream-internal/services'
import { expect, test } from 'vitest'
import { addSinks, ask, connect, countRows, postgresSink } from './support/operated-collector.ts'
import { busyMix, drain, type SimulatedApi, simulateApi } from './support/simulated-api.ts'
import { runCommand, startCommand } from './support/start-command.ts'

const slowly = { interval: 300 }

interface Listed {
  readonly total: number
  readonly items: readonly {
    readonly id: number
    readonly org: string
    readonly sink: string | null
    readonly reason: string
  }[]
}

async function list({ directory }: SimulatedApi, ...args: readonly string[]): Promise<Listed> {
  const { out } = await runCommand(['quarantine', 'list', '--json', ...args], { directory })
  return JSON.parse(out)
}

test('refused records are delivered once the database accepts them, even if the collector is killed meanwhile', async () => {
  const schema = 'quarantine_retry'
  const url = await sharedPostgresUrl()
  await using database = await connect(url)
  await database.query(`drop schema if exists ${schema} cascade`)
  // Without revisions: a database takes a record again once it has a newer revision of it.
  const mix = { ...busyMix, revisionShare: 0 }
  await using api = await simulateApi({ seed: 61, recordsPerMinute: 12_000, mix })
  addSinks(api, [postgresSink(url, schema, ', fields: { numbers: drop, names: drop }')])
  const { directory } = api
  const first = startCommand(['run'], { directory })
  await expect.poll(() => countRows(database, schema), slowly).toBeGreaterThan(200)
  await database.query(
    `alter table ${schema}.record add constraint refuse check (duration % 40 <> 7) not valid`,
  )
  await expect.poll(async () => (await list(api)).total, slowly).toBeGreaterThan(5)
  await drain(api)
  await expect.poll(async () => (await api.compare()).missing.length, slowly).toBe(0)
  // Everything that the table does not have is in quarantine, and nothing is on its way.
  const lost = async () => {
    const { rows } = await database.query(`select org, key from ${schema}.record`)
    return compareKeysWithLedger(api.simulator.ledger, rows).missing.length
  }
  await expect.poll(async () => (await lost()) - (await list(api)).total, slowly).toBe(0)

  const { total, items } = await list(api, '--sink', 'warehouse')
  expect(items.map(({ id }) => id)).toEqual(items.map(({ id }) => id).toSorted((a, b) => b - a))
  expect((await list(api, '--limit', '2')).items).toHaveLength(2)
  const table = (await runCommand(['quarantine', 'list', '--limit', '2'], { directory })).out
  expect(table).toContain(`2 of ${total} items`)
  expect(table).toContain('refuse')

  // Content is masked according to the `fields` of the sink that refused it.
  const id = String(items[0]?.id)
  const shown = (await runCommand(['quarantine', 'show', id, '--json'], { directory })).out
  const raw = (await runCommand(['quarantine', 'show', id, '--json', '--raw'], { directory })).out
  const number = (text: string) => JSON.parse(JSON.parse(text).items[0].content)['Calling number']
  expect(number(raw)).toMatch(/\d/)
  expect(number(shown)).toBe('')

  // A record that is refused again becomes a new item.
  const again = await ask(api, 'quarantine', 'retry', '--sink', 'warehouse')
  expect(again).toMatchObject({ code: 0, state: 'done', details: { delivered: 0, refusedAgain: total } })
  const after = await list(api, '--sink', 'warehouse')
  expect(after.total).toBe(total)
  expect(Math.min(...after.items.map((item) => item.id))).toBeGreaterThan(Number(id))
  expect(first.err()).not.toContain('too-many-refused')

  await using blocker = await connect(url)
  await blocker.query(`begin; lock table ${schema}.record in exclusive mode`)
  const retry = startCommand(['quarantine', 'retry', '--all', '--json'], { directory })
  await expect.poll(async () => (await list(api)).total, slowly).toBe(0)
  first.process.kill('SIGKILL')
  await first.ended
  await blocker.query('rollback')
  await database.query(`alter table ${schema}.record drop constraint refuse`)
  const second = startCommand(['run'], { directory })
  const { code, out, err } = await retry.ended
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(JSON.parse(out)).toMatchObject({ state: 'done', details: { delivered: total, refusedAgain: 0 } })
  expect((await list(api)).total).toBe(0)
  const { rows } = await database.query(`select org, key from ${schema}.record`)
  const perfect = { missing: [], twice: 0, invented: 0 }
  expect(compareKeysWithLedger(api.simulator.ledger, rows)).toMatchObject(perfect)
  second.process.kill('SIGTERM')
  expect((await second.ended).code).toBe(0)
  // Only the sink that refused the records receives them again.
  expect(await api.compare()).toMatchObject(perfect)
})

test('items that are not records are listed, exported and dropped, with or without a collector', async () => {
  const strange = { ...busyMix, strangeShare: 0.05 }
  await using api = await simulateApi({ seed: 62, recordsPerMinute: 12_000, mix: strange })
  const { directory } = api
  expect((await runCommand(['run', '--once'], { directory })).code).toBe(0)
  const { total, items } = await list(api, '--unreadable')
  expect(total).toBeGreaterThan(3)
  expect(items.every(({ sink, org }) => sink === null && org === 'acme')).toBe(true)

  const file = join(directory, 'items.ndjson')
  const exported = await runCommand(['quarantine', 'export', '--all', '-o', 'items.ndjson', '--json'], {
    directory,
  })
  expect(JSON.parse(exported.out)).toEqual({ file: 'items.ndjson', items: total })
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const lines = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines).toHaveLength(total)
  expect(lines.every(({ content }) => content === null || !/\d{4}/.test(content))).toBe(true)
  const twice = await runCommand(['quarantine', 'export', '--all', '-o', 'items.ndjson'], { directory })
  expect(twice).toMatchObject({ code: 2, err: 'items.ndjson: the file already exists; choose a new one\n' })
  const raw = await runCommand(['quarantine', 'export', '--all', '--raw'], { directory })
  expect(
    raw.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).content)
      .join(''),
  ).not.toContain('null,')

  // The items are still not records, so they stay.
  const retried = await ask(api, 'quarantine', 'retry', '--all')
  expect(retried).toMatchObject({ code: 0, details: { unreadable: total, read: 0 } })
  expect((await list(api)).total).toBe(total)

  const unconfirmed = await runCommand(['quarantine', 'drop', '--all'], { directory })
  expect(unconfirmed).toMatchObject({ code: 2, out: '' })
  expect(unconfirmed.err).toBe(`this permanently deletes ${total} items; confirm with --yes\n`)
  const one = String(items[0]?.id)
  expect(await ask(api, 'quarantine', 'drop', one, '--yes')).toMatchObject({
    code: 0,
    details: { dropped: 1 },
  })
  const collector = startCommand(['run'], { directory })
  await expect.poll(() => collector.err()).toContain('"collecting"')
  const left = await list(api)
  expect(left.items.map(({ id }) => String(id))).not.toContain(one)
  const rest = await ask(api, 'quarantine', 'drop', '--all', '--yes')
  expect(rest).toMatchObject({ code: 0, state: 'done', details: { kept: 0 } })
  expect(Number(rest.details.dropped)).toBeGreaterThanOrEqual(total - 1)
  collector.process.kill('SIGTERM')
  expect((await collector.ended).code).toBe(0)
})
