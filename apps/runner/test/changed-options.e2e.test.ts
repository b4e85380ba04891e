import { readFileSync, writeFileSync } from 'node:fs'
import { cp, glob, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import { compareKeysWithLedger } from '@cdrstream/simulator'
import { sharedElasticsearchUrl, sharedPostgresUrl } from '@cdrstream-internal/services'
import { Client } from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { busyMix, drain, type SimulatedApi, simulateApi } from './support/simulated-api.ts'
import { type CommandEnd, startCommand } from './support/start-command.ts'

const patient = { timeout: 120_000, interval: 300 }

/** A destination as its readers see it. */
type Row = { readonly org: string; readonly key: string }

interface Place {
  /** As in the configuration, without its name. */
  readonly sink: string
  rows(): Promise<readonly Row[]>
}

/**
 * Runs the collector with these sinks until each place has this many more records than before, and ends it.
 */
async function runUntilMore(
  api: SimulatedApi,
  sinks: Readonly<Record<string, Place>>,
  end: NodeJS.Signals,
  more = 100,
): Promise<CommandEnd> {
  configure(api, sinks)
  const running = startCommand(['run'], { directory: api.directory })
  const before = new Map<Place, number>()
  for (const place of Object.values(sinks)) before.set(place, (await place.rows()).length)
  for (const [place, count] of before) {
    const grown = async () => (await place.rows()).length
    await expect.poll(grown, { ...patient, message: running.err() }).toBeGreaterThan(count + more)
  }
  running.process.kill(end)
  return running.ended
}

/** Collects the rest, if any, and expects each of these places to show every record once. */
async function expectAllOnce(
  api: SimulatedApi,
  sinks: Readonly<Record<string, Place>>,
  rest: 'collected' | 'to-collect' = 'to-collect',
): Promise<CommandEnd> {
  configure(api, sinks)
  const running = startCommand(['run'], { directory: api.directory })
  if (rest === 'to-collect') await drain(api)
  const { ledger } = api.simulator
  for (const place of Object.values(sinks)) {
    const missing = async () => compareKeysWithLedger(ledger, await place.rows()).missing.length
    await expect.poll(missing, patient).toBe(0)
  }
  running.process.kill('SIGTERM')
  const ended = await running.ended
  for (const place of Object.values(sinks)) {
    const found = compareKeysWithLedger(ledger, await place.rows())
    expect(found, place.sink).toMatchObject({ missing: [], twice: 0, invented: 0 })
  }
  return ended
}

function configure({ directory }: SimulatedApi, sinks: Readonly<Record<string, Place>>): void {
  const file = join(directory, 'cdrstream.yaml')
  const lines = Object.entries(sinks).map(([name, { sink }]) => `  - { name: ${name}, ${sink} }\n`)
  const text = readFileSync(file, 'utf8')
    // The first process may take some time to start, and is to read what was inserted meanwhile.
    .replace('start: 5s', 'start: 40s')
    .replace(/sinks:\n( {2}- .*\n)*/, `sinks:\n${lines.join('')}`)
  writeFileSync(file, text)
}

/**
 * A directory of files with a line for each revision. For each key, only the first line counts, unless the
 * line occurs again.
 */
function files({ directory: base }: SimulatedApi, directory: string, more = ''): Place {
  return {
    sink: `use: file, options: { directory: ./${directory}, publishAfter: 1s${more} }`,
    async rows() {
      const lines: string[] = []
      const cwd = join(base, directory)
      for await (const path of glob('**/*.ndjson*', { cwd, exclude: (name) => name.startsWith('.') })) {
        const bytes = await readFile(join(cwd, path))
        const plain = path.endsWith('.zst')
          ? zstdDecompressSync(bytes)
          : path.endsWith('.gz')
            ? gunzipSync(bytes)
            : bytes
        lines.push(...plain.toString().trimEnd().split('\n'))
      }
      const marks = lines.map((line) => JSON.parse(line)['@cdrstream'] as Row & { readonly rank: number })
      const revisions = new Set<string>()
      const keys = new Set<string>()
      return marks.filter(({ org, key, rank }) => {
        const isTwice = revisions.has(`${org}|${key}|${rank}`)
        revisions.add(`${org}|${key}|${rank}`)
        const isNew = !keys.has(`${org}|${key}`)
        keys.add(`${org}|${key}`)
        return isNew || isTwice
      })
    },
  }
}

async function table(schema: string): Promise<Place> {
  const url = await sharedPostgresUrl()
  const client = new Client({ connectionString: url })
  await client.connect()
  onTestFinished(() => client.end())
  await client.query(`drop schema if exists ${schema} cascade`)
  return {
    sink: `use: postgres, options: { url: ${JSON.stringify(url)}, schema: ${schema} }`,
    rows: async () => {
      try {
        return (await client.query(`select org, key from ${schema}.record`)).rows
      } catch {
        return []
      }
    },
  }
}

async function index(indexPrefix: string): Promise<Place> {
  const url = await sharedElasticsearchUrl()
  const indices = await (
    await fetch(`${url}/_cat/indices/${indexPrefix}-*?h=index&expand_wildcards=all`)
  ).text()
  for (const name of indices.split('\n').filter(Boolean)) await fetch(`${url}/${name}`, { method: 'DELETE' })
  return {
    sink: `use: elasticsearch, options: { nodes: [${JSON.stringify(url)}], indexPrefix: ${indexPrefix} }`,
    async rows() {
      await fetch(`${url}/${indexPrefix}/_refresh`, { method: 'POST' })
      const found = (await (await fetch(`${url}/${indexPrefix}/_search?size=10000`)).json()) as {
        readonly hits?: { readonly hits: readonly { readonly _source: Row }[] }
      }
      return found.hits?.hits.map(({ _source }) => _source) ?? []
    },
  }
}

const options = { recordsPerMinute: 6_000, mix: busyMix }

test('compress, directory, schema and indexPrefix can change between two starts, and change back', async () => {
  const [schema, otherSchema] = [await table('changed_options_a'), await table('changed_options_b')]
  const [prefix, otherPrefix] = [await index('changed-options-a'), await index('changed-options-b')]
  await using api = await simulateApi({ ...options, seed: 31 })
  const plain = files(api, 'first')
  const packed = files(api, 'first', ', compress: zstd')
  const zipped = files(api, 'first', ', compress: gzip')
  const elsewhere = files(api, 'second', ', compress: zstd')
  await runUntilMore(api, { files: plain, warehouse: schema, search: prefix }, 'SIGKILL')
  await runUntilMore(api, { files: packed, warehouse: otherSchema, search: otherPrefix }, 'SIGKILL')
  await runUntilMore(api, { files: elsewhere, warehouse: schema, search: prefix }, 'SIGKILL')
  await expectAllOnce(api, { files: zipped, warehouse: schema, search: prefix })
  await expectAllOnce(api, { files: elsewhere, warehouse: otherSchema, search: otherPrefix }, 'collected')
}, 600_000)

test('sinks that are renamed, or swap their names, miss nothing and show nothing twice', async () => {
  const [first, second] = [await table('renamed_a'), await table('renamed_b')]
  const search = await index('renamed')
  await using api = await simulateApi({ ...options, seed: 32 })
  const [one, two] = [files(api, 'one'), files(api, 'two')]
  await runUntilMore(api, { a: one, b: two, c: first, d: second, e: search }, 'SIGKILL')
  await runUntilMore(api, { b: one, c: first, d: second, e2: search }, 'SIGKILL')
  await expectAllOnce(api, { b: one, a: two, d: first, c: second, e: search })
}, 600_000)

test('Elasticsearch and Postgres detect a journal that was copied back with its WAL, and the file sink refuses it', async () => {
  const [warehouse, search] = [await table('copied_back'), await index('copied-back')]
  await using api = await simulateApi({ ...options, seed: 33 })
  const sinks = { files: files(api, 'files'), warehouse, search }
  const [data, copy] = [join(api.directory, 'data'), join(api.directory, 'copy')]
  await runUntilMore(api, sinks, 'SIGKILL')
  await cp(data, copy, { recursive: true })
  // Enough for the files to contain more than the copy, because they first publish what was in progress when
  // the copy was made.
  await runUntilMore(api, sinks, 'SIGKILL', 1_500)
  await rm(data, { recursive: true })
  await cp(copy, data, { recursive: true })
  configure(api, sinks)
  const refused = startCommand(['run'], { directory: api.directory })
  await expect.poll(() => refused.err(), patient).toContain('unexpected-position')
  refused.process.kill('SIGTERM')
  await refused.ended
  await expectAllOnce(api, { warehouse, search })
}, 600_000)
