import { compareKeysWithLedger } from '@cdrstream/simulator'
import { sharedElasticsearchUrl, sharedPostgresUrl } from '@cdrstream-internal/services'
import type { Client } from 'pg'
import { expect, test } from 'vitest'
import { addSinks, ask, connect, countRows, postgresSink } from './support/operated-collector.ts'
import { busyMix, drain, type SimulatedApi, simulateApi } from './support/simulated-api.ts'
import { runCommand, startCommand } from './support/start-command.ts'

const slowly = { interval: 300 }
const rate = { recordsPerMinute: 12_000, mix: busyMix }

/**
 * Deletes rows except the first and the last, which would show the engine at the next opening that the table
 * has lost records. Returns how many rows were deleted.
 */
async function loseRows(database: Client, schema: string): Promise<number> {
  const { rowCount } = await database.query(
    `delete from ${schema}.record where accepted_at > (select min(accepted_at) from ${schema}.record)
     and accepted_at < (select max(accepted_at) from ${schema}.record)`,
  )
  return rowCount ?? 0
}

async function missing(api: SimulatedApi, database: Client, schema: string): Promise<number> {
  const { rows } = await database.query(`select org, key from ${schema}.record`)
  return compareKeysWithLedger(api.simulator.ledger, rows).missing.length
}

test('a replay through a running collector restores lost rows without changing the files', async () => {
  const schema = 'replay_beside'
  const url = await sharedPostgresUrl()
  await using database = await connect(url)
  await database.query(`drop schema if exists ${schema} cascade`)
  await using api = await simulateApi({ seed: 51, ...rate })
  addSinks(api, [postgresSink(url, schema)])
  const collector = startCommand(['run'], { directory: api.directory })
  await expect.poll(() => countRows(database, schema), slowly).toBeGreaterThan(1_000)
  await drain(api)
  await expect.poll(() => missing(api, database, schema), slowly).toBe(0)
  expect(await loseRows(database, schema)).toBeGreaterThan(500)

  const replay = await runCommand(['replay', '--sink', 'warehouse', '--from', '1h'], {
    directory: api.directory,
  })
  expect(replay).toMatchObject({ code: 0, err: '' })
  expect(await missing(api, database, schema)).toBe(0)
  const { rows } = await database.query(`select rewound_at from ${schema}.position`)
  // The sink does not mistake a replay for a restored journal, after which it would look up every record.
  expect(rows).toEqual([{ rewound_at: null }])
  collector.process.kill('SIGTERM')
  expect((await collector.ended).code).toBe(0)
  expect(await api.compare()).toMatchObject({ missing: [], twice: 0, invented: 0 })
})

test('a replay continues with the next collector if its collector is killed', async () => {
  const schema = 'replay_killed'
  const url = await sharedPostgresUrl()
  await using database = await connect(url)
  await database.query(`drop schema if exists ${schema} cascade`)
  await using api = await simulateApi({ seed: 52, ...rate })
  addSinks(api, [postgresSink(url, schema)])
  const { directory } = api
  const first = startCommand(['run'], { directory })
  await expect.poll(() => countRows(database, schema), slowly).toBeGreaterThan(1_000)
  await drain(api)
  await expect.poll(() => missing(api, database, schema), slowly).toBe(0)
  expect(await loseRows(database, schema)).toBeGreaterThan(500)

  // The table stays locked, so the replay cannot progress.
  await using blocker = await connect(url)
  await blocker.query(`begin; lock table ${schema}.record in exclusive mode`)
  const watching = startCommand(['replay', '--sink', 'warehouse'], { directory })
  await expect.poll(() => watching.out(), slowly).toContain(' records, 0 %')
  first.process.kill('SIGKILL')
  await first.ended
  await blocker.query('rollback')
  expect(await missing(api, database, schema)).toBeGreaterThan(500)

  const second = startCommand(['run'], { directory })
  expect(await watching.ended).toMatchObject({ code: 0 })
  expect(await missing(api, database, schema)).toBe(0)
  second.process.kill('SIGTERM')
  expect((await second.ended).code).toBe(0)
})

test('a replay continues after Ctrl-C, and a second collector cannot interfere', async () => {
  const schema = 'replay_left'
  const url = await sharedPostgresUrl()
  await using database = await connect(url)
  await database.query(`drop schema if exists ${schema} cascade`)
  await using api = await simulateApi({ seed: 53, ...rate })
  addSinks(api, [postgresSink(url, schema)])
  const { directory } = api
  const collector = startCommand(['run'], { directory })
  await expect.poll(() => countRows(database, schema), slowly).toBeGreaterThan(1_000)
  await drain(api)
  await expect.poll(() => missing(api, database, schema), slowly).toBe(0)
  await loseRows(database, schema)

  await using blocker = await connect(url)
  await blocker.query(`begin; lock table ${schema}.record in exclusive mode`)
  const watching = startCommand(['replay', '--sink', 'warehouse'], { directory })
  await expect.poll(() => watching.out(), slowly).toContain(' records, 0 %')
  watching.process.kill('SIGINT')
  const left = await watching.ended
  expect(left.code).toBe(1)
  expect(left.err).toMatch(/^no longer waiting; request \d+ stays in the journal/)
  expect((await runCommand(['run'], { directory })).code).toBe(2)
  await blocker.query('rollback')
  await expect.poll(() => missing(api, database, schema), slowly).toBe(0)
  collector.process.kill('SIGTERM')
  await collector.ended
})

test('without a collector, the command delivers the records itself, including to Elasticsearch', async () => {
  const alias = 'replay-alone'
  const elasticsearch = await sharedElasticsearchUrl()
  await using api = await simulateApi({ seed: 54, ...rate })
  addSinks(api, [
    `{ name: search, use: elasticsearch, options: { nodes: [${JSON.stringify(elasticsearch)}], indexPrefix: ${alias} } }`,
  ])
  const { directory } = api
  expect((await runCommand(['run', '--once'], { directory })).code).toBe(0)
  const documents = async () => {
    await fetch(`${elasticsearch}/${alias}/_refresh`, { method: 'POST' })
    const { count } = (await (await fetch(`${elasticsearch}/${alias}/_count`)).json()) as { count: number }
    return count
  }
  const had = await documents()
  expect(had).toBeGreaterThan(450)
  const found = await fetch(`${elasticsearch}/${alias}/_search?size=400&_source=false&from=50`)
  const { hits } = (await found.json()) as { hits: { hits: { _id: string; _index: string }[] } }
  const lines = hits.hits.map(({ _id, _index }) => `${JSON.stringify({ delete: { _id, _index } })}\n`)
  // Otherwise, Elasticsearch remembers a deleted document's version for a minute.
  await fetch(`${elasticsearch}/${alias}/_settings`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ 'index.gc_deletes': '0s' }),
  })
  const headers = { 'content-type': 'application/x-ndjson' }
  await fetch(`${elasticsearch}/_bulk`, { method: 'POST', headers, body: lines.join('') })
  expect(await documents()).toBe(had - lines.length)

  const replay = await ask(api, 'replay', '--sink', 'search')
  expect(replay).toMatchObject({ code: 0, state: 'done', resultCode: 'replayed' })
  expect(await documents()).toBe(had)
  // The file sink does not write records twice, and the message explains what to do instead.
  expect(await ask(api, 'replay', '--sink', 'files')).toMatchObject({
    code: 2,
    state: 'refused',
    resultCode: 'not-replayable',
  })
  expect((await runCommand(['run', '--once'], { directory })).code).toBe(0)
  expect(await api.compare()).toMatchObject({ twice: 0, invented: 0 })
})
