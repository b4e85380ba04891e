import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compareKeysWithLedger } from '@cdrstream/simulator'
import { sharedElasticsearchUrl, sharedPostgresUrl } from '@cdrstream-internal/services'
import { Client } from 'pg'
import { expect, test } from 'vitest'
import { busyMix, drain, simulateApi } from './support/simulated-api.ts'
import { startCommand } from './support/start-command.ts'

const slowly = { interval: 300 }
const schema = 'emptied_store'
const indexPrefix = 'emptied-store'

test('a truncated table and a deleted index are filled again at the next startup, with a log line', async () => {
  const postgres = await sharedPostgresUrl()
  const elasticsearch = await sharedElasticsearchUrl()
  await using database = await connect(postgres)
  await database.query(`drop schema if exists ${schema} cascade`)
  await using api = await simulateApi({ seed: 12, recordsPerMinute: 12_000, mix: busyMix })
  const file = join(api.directory, 'cdrstream.yaml')
  const sinks = [
    `{ name: warehouse, use: postgres, options: { url: ${JSON.stringify(postgres)}, schema: ${schema} } }`,
    `{ name: search, use: elasticsearch, options: { nodes: [${JSON.stringify(elasticsearch)}], indexPrefix: ${indexPrefix} } }`,
  ]
  const lines = sinks.map((sink) => `  - ${sink}\n`).join('')
  writeFileSync(file, readFileSync(file, 'utf8').replace('webex:', `${lines}webex:`))
  const rows = async () => (await database.query(`select org, key from ${schema}.record`)).rows
  const count = async () =>
    rows().then(
      ({ length }) => length,
      () => 0,
    )
  const documents = async () => {
    await fetch(`${elasticsearch}/${indexPrefix}/_refresh`, { method: 'POST' })
    const found = await json<{ count?: number }>(`${elasticsearch}/${indexPrefix}/_count`)
    return found.count ?? 0
  }

  const first = startCommand(['run'], { directory: api.directory })
  await expect.poll(count, slowly).toBeGreaterThan(500)
  await expect.poll(documents, slowly).toBeGreaterThan(500)
  first.process.kill('SIGTERM')
  expect((await first.ended).code).toBe(0)

  await database.query(`truncate ${schema}.record`)
  const months = Object.keys(await json<object>(`${elasticsearch}/_alias/${indexPrefix}`))
  for (const month of months) await fetch(`${elasticsearch}/${month}`, { method: 'DELETE' })

  const second = startCommand(['run'], { directory: api.directory })
  await drain(api)
  await expect.poll(async () => (await api.compare()).missing.length, slowly).toBe(0)
  const { ledger } = api.simulator
  const missing = async () => compareKeysWithLedger(ledger, await rows()).missing.length
  await expect.poll(missing, slowly).toBe(0)
  await expect.poll(documents, slowly).toBe(await count())
  second.process.kill('SIGTERM')
  const { code, err } = await second.ended
  expect(code).toBe(0)
  expect(compareKeysWithLedger(ledger, await rows())).toMatchObject({ missing: [], twice: 0, invented: 0 })
  const said = err.split('\n').filter((line) => line.includes('the sink has lost records'))
  expect(said.map((line) => JSON.parse(line).sink).sort()).toEqual(['search', 'warehouse'])
})

test('an index restored from an older copy gets the records after that copy at the next startup', async () => {
  const elasticsearch = await sharedElasticsearchUrl()
  const alias = 'restored-store'
  await using api = await simulateApi({ seed: 13, recordsPerMinute: 12_000, mix: busyMix })
  const file = join(api.directory, 'cdrstream.yaml')
  const sink = `  - { name: search, use: elasticsearch, options: { nodes: [${JSON.stringify(elasticsearch)}], indexPrefix: ${alias} } }\n`
  writeFileSync(file, readFileSync(file, 'utf8').replace('webex:', `${sink}webex:`))
  const documents = async () => {
    await fetch(`${elasticsearch}/${alias}/_refresh`, { method: 'POST' })
    const found = await json<Found>(`${elasticsearch}/${alias}/_search?version=true&size=10000`)
    return found.hits?.hits ?? []
  }
  const runUntil = async (least: number) => {
    const running = startCommand(['run'], { directory: api.directory })
    await expect.poll(async () => (await documents()).length, slowly).toBeGreaterThan(least)
    running.process.kill('SIGTERM')
    expect((await running.ended).code).toBe(0)
  }

  await runUntil(200)
  const copy = await documents()
  await runUntil(copy.length + 200)
  for (const name of new Set(copy.map(({ _index }) => _index))) {
    await fetch(`${elasticsearch}/${name}`, { method: 'DELETE' })
    await fetch(`${elasticsearch}/${name}`, { method: 'PUT' })
  }
  const lines = copy.map(({ _index, _id, _version, _source }) => {
    const index = { _index, _id, version: _version, version_type: 'external' }
    return `${JSON.stringify({ index })}\n${JSON.stringify(_source)}\n`
  })
  const headers = { 'content-type': 'application/x-ndjson' }
  await fetch(`${elasticsearch}/_bulk`, { method: 'POST', headers, body: lines.join('') })
  expect(await documents()).toHaveLength(copy.length)

  const last = startCommand(['run'], { directory: api.directory })
  await drain(api)
  const missing = async () => {
    const rows = (await documents()).map(({ _source }) => _source)
    return compareKeysWithLedger(api.simulator.ledger, rows).missing.length
  }
  await expect.poll(missing, slowly).toBe(0)
  last.process.kill('SIGTERM')
  const { code, err } = await last.ended
  expect(code).toBe(0)
  expect(err.split('\n').filter((line) => line.includes('the sink has lost records'))).toHaveLength(1)
})

interface Found {
  readonly hits?: {
    readonly hits: readonly {
      readonly _index: string
      readonly _id: string
      readonly _version: number
      readonly _source: { readonly org: string; readonly key: string }
    }[]
  }
}

async function connect(connectionString: string): Promise<Client & AsyncDisposable> {
  const client = new Client({ connectionString })
  await client.connect()
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() })
}

async function json<Body>(address: string): Promise<Body> {
  return (await fetch(address)).json() as Promise<Body>
}
