import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compareKeysWithLedger } from '@cdrstream/simulator'
import { startElasticsearch, startPostgres } from '@cdrstream-internal/services'
import { Client } from 'pg'
import { expect, test } from 'vitest'
import { busyMix, drain, type SimulatedApi, simulateApi } from './support/simulated-api.ts'
import { startCommand } from './support/start-command.ts'

interface Shown {
  readonly org: string
  readonly key: string
  readonly rank: number
}

const perfect = { missing: [], twice: 0, invented: 0 }

test('databases that hang, crash and recover have each record once, and never delay the files', async () => {
  await using postgres = await startPostgres()
  await using elasticsearch = await startElasticsearch()
  await using api = await simulateApi({ seed: 11, recordsPerMinute: 12_000, mix: busyMix })
  addSinks(api, [
    `{ name: warehouse, use: postgres, options: { url: ${JSON.stringify(postgres.url)} } }`,
    `{ name: search, use: elasticsearch, options: { nodes: [${JSON.stringify(elasticsearch.url)}] } }`,
  ])
  const collector = startCommand(['run'], { directory: api.directory })
  const files = async (): Promise<number> => (await api.compare()).delivered
  await expect.poll(() => inPostgres(postgres.url), slowly).toSatisfy(more(200))
  await expect.poll(() => inElasticsearch(elasticsearch.url), slowly).toSatisfy(more(200))

  postgres.suspend()
  elasticsearch.suspend()
  const whenTheyHung = await files()
  await expect.poll(files, slowly).toBeGreaterThan(whenTheyHung + 1_000)
  await Promise.all([postgres.kill(), elasticsearch.kill()])
  const whenTheyDied = await files()
  await expect.poll(files, slowly).toBeGreaterThan(whenTheyDied + 500)
  await Promise.all([postgres.start(), elasticsearch.start()])

  await drain(api)
  await expect.poll(async () => (await api.compare()).missing.length, slowly).toBe(0)
  const newest = newestInFiles(join(api.directory, 'records'))
  await expect.poll(() => inPostgres(postgres.url), slowly).toSatisfy(same(newest))
  await expect.poll(() => inElasticsearch(elasticsearch.url), slowly).toSatisfy(same(newest))
  collector.process.kill('SIGTERM')
  expect((await collector.ended).code).toBe(0)
  // A server that is unreachable or starting needs no human action.
  const ofSinks = logged(collector.err()).filter(({ sink }) => sink !== undefined)
  expect(ofSinks.filter(({ remedy }) => remedy !== undefined)).toEqual([])
  expect(endOf(collector.err())).toMatchObject({ files: 'done', warehouse: 'done', search: 'done' })

  expect(await api.compare()).toMatchObject(perfect)
  const { ledger } = api.simulator
  expect(compareKeysWithLedger(ledger, await inPostgres(postgres.url))).toMatchObject(perfect)
  expect(compareKeysWithLedger(ledger, await inElasticsearch(elasticsearch.url))).toMatchObject(perfect)
  expect(api.simulator.rateViolations()).toEqual([])
})

function logged(lines: string): readonly LogLine[] {
  return lines
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
}

interface LogLine {
  readonly msg: string
  readonly sink?: string
  readonly code?: string
  readonly remedy?: string
  readonly sinks?: Readonly<Record<string, string>>
}

/** Returns how the delivery to each sink ended. */
function endOf(lines: string): LogLine['sinks'] {
  return logged(lines).find(({ msg }) => msg === 'ended')?.sinks
}

const slowly = { interval: 500 }

function more(than: number): (records: readonly Shown[]) => boolean {
  return (records) => records.length > than
}

/** Expects the same keys at the same ranks, each once. */
function same(expected: ReadonlyMap<string, number>): (records: readonly Shown[]) => boolean {
  return (records) =>
    records.length === expected.size &&
    records.every(({ org, key, rank }) => expected.get(`${org} ${key}`) === rank)
}

function addSinks(api: SimulatedApi, sinks: readonly string[]): void {
  const file = join(api.directory, 'cdrstream.yaml')
  const lines = sinks.map((sink) => `  - ${sink}\n`).join('')
  writeFileSync(file, readFileSync(file, 'utf8').replace('webex:', `${lines}webex:`))
}

async function inPostgres(url: string): Promise<readonly Shown[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query('select org, key, rank from cdr.record')
    return rows.map(({ org, key, rank }) => ({ org, key, rank: Number(rank) }))
  } catch {
    // The sink has not created its tables yet.
    return []
  } finally {
    await client.end()
  }
}

async function inElasticsearch(url: string): Promise<readonly Shown[]> {
  await fetch(`${url}/cdr/_refresh`, { method: 'POST' })
  const shown: Shown[] = []
  let answer = await ask(`${url}/cdr/_search?scroll=1m`, { size: 5_000, _source: ['org', 'key', 'rank'] })
  while (answer.hits !== undefined && answer.hits.hits.length > 0) {
    shown.push(...answer.hits.hits.map(({ _source }) => _source))
    answer = await ask(`${url}/_search/scroll`, { scroll: '1m', scroll_id: answer._scroll_id })
  }
  return shown
}

interface SearchAnswer {
  readonly _scroll_id?: string
  readonly hits?: { readonly hits: readonly { readonly _source: Shown }[] }
}

async function ask(address: string, body: unknown): Promise<SearchAnswer> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(address, { method: 'POST', headers, body: JSON.stringify(body) })
  return response.json() as Promise<SearchAnswer>
}

/** Returns the highest rank of each key, by org and key. */
function newestInFiles(directory: string): ReadonlyMap<string, number> {
  const newest = new Map<string, number>()
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /^[^.].*\.ndjson$/.test(name),
  )
  for (const line of files.flatMap((name) =>
    readFileSync(join(directory, name), 'utf8').trimEnd().split('\n'),
  )) {
    const { org, key, rank }: Shown = JSON.parse(line)['@cdrstream']
    newest.set(`${org} ${key}`, Math.max(rank, newest.get(`${org} ${key}`) ?? 0))
  }
  return newest
}

test('a sink that is paused when the collector stops is behind, and doctor reports it', async () => {
  await using elasticsearch = await startElasticsearch()
  await using api = await simulateApi({ seed: 12, recordsPerMinute: 12_000, mix: busyMix })
  addSinks(api, [
    `{ name: search, use: elasticsearch, options: { nodes: [${JSON.stringify(elasticsearch.url)}], replicas: 0 } }`,
  ])
  const collector = startCommand(['run'], { directory: api.directory })
  await expect.poll(() => inElasticsearch(elasticsearch.url), slowly).toSatisfy(more(200))
  const block = await fetch(`${elasticsearch.url}/cdr/_settings`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ 'index.blocks.write': true }),
  })
  expect(block.status).toBe(200)
  const codes = () => logged(collector.err()).map(({ sink, code }) => `${sink} ${code}`)
  await expect.poll(codes, slowly).toContain('search index-blocked')

  const doctor = startCommand(['doctor', '--json', '--no-wait'], { directory: api.directory })
  const { checks } = JSON.parse((await doctor.ended).out)
  expect(checks).toContainEqual(
    expect.objectContaining({ check: 'sink', name: 'search', level: 'problem', code: 'index-blocked' }),
  )
  collector.process.kill('SIGTERM')
  await collector.ended
  expect(endOf(collector.err())).toMatchObject({ files: 'done', search: 'behind' })
})
