import { type ElasticsearchServer, startElasticsearch } from '@cdrstream-internal/services'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Reader, reader } from './support/reader.ts'
import { serverStartMs } from './support/test-places.ts'
import { testBatch, testRecord } from './support/test-record.ts'
import { call, type Logged, openCall, openTestSession, type TestSink, testSink } from './support/test-sink.ts'

let own: ElasticsearchServer
let server: Reader
beforeAll(async () => {
  own = await startElasticsearch()
  server = reader(own.url)
}, serverStartMs)
afterAll(() => own.stop(), serverStartMs)

/** Today, because the level of a finding depends on whether its index is the current month's. */
const home = new Date().toISOString().slice(0, 10)
let count = 0
let prefix: string
let index: string
let sink: TestSink
beforeEach(async () => {
  count += 1
  prefix = `refused-${count}x`
  index = `${prefix}-${home.slice(0, 7).replace('-', '.')}`
  sink = await sinkOf()
})

const sinkOf = (options: object = {}, logged?: Logged) =>
  testSink({ nodes: [own.url], indexPrefix: prefix, replicas: 0, ...options }, logged)
const batch = (key = 'a') =>
  testBatch([testRecord({ key, home, content: { 'Called number': 'canary-number' } })])
const settings = (body: object) => server.ask('PUT', '/_cluster/settings', { persistent: body })

/** Expects that writing fails with this code and that the remedy contains these parts. */
async function expectWriteFails(code: string, ...remedy: readonly string[]) {
  await using session = await openTestSession(sink)
  const outcome = await session.write(batch())
  expectFails(outcome, code, remedy)
}

function expectFails(outcome: object, code: string, remedy: readonly string[]) {
  expect(outcome).toMatchObject({ kind: 'failed', code })
  const text = 'remedy' in outcome ? String(outcome.remedy) : ''
  for (const part of remedy) expect(text).toContain(part)
  expect(text).not.toContain('canary')
}

async function expectWritten() {
  await using session = await openTestSession(sink)
  expect(await session.write(batch('later'))).toEqual({ kind: 'accepted' })
}

const found = async () =>
  (await sink.check(call)).filter(({ level }) => level !== 'ok').map(({ level, code }) => `${level} ${code}`)

test('a reached shard limit → shard-limit, with the limit and the setting', async () => {
  await settings({ 'cluster.max_shards_per_node': 1 })
  try {
    await server.ask('PUT', `/${prefix}-other`, { settings: { number_of_replicas: 0 } }).catch(() => {})
    await expectWriteFails('shard-limit', `${prefix}-`, 'cluster.max_shards_per_node', '/[1] maximum')
    expect(await found()).toContain('error shard-limit')
  } finally {
    await settings({ 'cluster.max_shards_per_node': null })
  }
  expect(await found()).toEqual([])
  await expectWritten()
})

test('a foreign template for data streams → foreign-template before an index is created', async () => {
  const other = `${prefix}-streams`
  await server.ask('PUT', `/_index_template/${other}`, {
    index_patterns: [`${prefix}-*`],
    priority: 500,
    data_stream: {},
  })
  await expectWriteFails('foreign-template', other, 'data streams', `${prefix}-journals`)
  await server.ask('PUT', `/_index_template/${other}`, {
    index_patterns: [`${prefix}-2*`],
    priority: 500,
    data_stream: {},
  })
  await expectWriteFails('foreign-template', other, 'data streams', index)
  expect(await found()).toEqual(['error foreign-template'])
  await server.ask('DELETE', `/_index_template/${other}`)
  await expectWritten()
})

test('a foreign template with a higher priority → foreign-template, and no index is created from it', async () => {
  const other = `${prefix}-all`
  const template = { index_patterns: [`${prefix}-*`], priority: 301 }
  await server.ask('PUT', `/_index_template/${other}`, template)
  await expectWriteFails('foreign-template', other, '301')
  expect(Object.keys(await server.ask('GET', `/${prefix}-2*`))).toEqual([])
  expect(await found()).toEqual(['error foreign-template'])
  await server.ask('PUT', `/_index_template/${other}`, { ...template, priority: 299 })
  await expectWritten()
})

test('a foreign template → foreign-template even if an administrator manages the templates', async () => {
  const other = `${prefix}-all`
  await server.ask('PUT', `/_index_template/${other}`, { index_patterns: [`${prefix}-*`], priority: 301 })
  sink = await sinkOf({ manageTemplate: false })
  await expectWriteFails('foreign-template', other, `DELETE /${index}`)
})

test("a foreign template with the same priority → template-refused, with the server's reason", async () => {
  await server.ask('PUT', `/_index_template/${prefix}-twin`, {
    index_patterns: [`${prefix}-*`],
    priority: 300,
  })
  expectFails(await sink.open(openCall), 'template-refused', [`${prefix}-twin`, 'same priority'])
})

test('an index with the name of the alias → alias-taken', async () => {
  await server.ask('PUT', `/${prefix}`)
  expectFails(await sink.open(openCall), 'alias-taken', [`DELETE /${prefix}`])
})

test('an alias with the name of a monthly index → index-name-taken', async () => {
  await server.ask('PUT', `/${prefix}-other`, { aliases: { [index]: {} } })
  await expectWriteFails('index-name-taken', index, 'already exists as alias')
})

test('an index that was removed from the alias → alias-missing, with a remedy that adds it again', async () => {
  await expectWritten()
  await server.ask('POST', '/_aliases', { actions: [{ remove: { index, alias: prefix } }] })
  await expectWriteFails('alias-missing', 'POST /_aliases', index)
  expect(await found()).toEqual(['error alias-missing'])
  await server.ask('POST', '/_aliases', { actions: [{ add: { index, alias: prefix } }] })
  await expectWritten()
})

test('a closed index → index-closed', async () => {
  await expectWritten()
  await server.ask('POST', `/${index}/_close`)
  await expectWriteFails('index-closed', `POST /${index}/_open`)
  expect(await found()).toEqual(['error index-closed'])
})

test.each(['write', 'read_only'])(
  'an index with the block %s → index-blocked, with a remedy that removes it',
  async (block) => {
    await expectWritten()
    await server.ask('PUT', `/${index}/_settings`, { [`index.blocks.${block}`]: true })
    const fix = `PUT /${index}/_settings {"index.blocks.${block}":null}`
    await expectWriteFails('index-blocked', fix)
    expect(await found()).toEqual(['error index-blocked'])
    await server.ask('PUT', `/${index}/_settings`, { [`index.blocks.${block}`]: null })
    await expectWritten()
  },
)

test('an index with the block metadata → index-blocked, with a remedy that removes it', async () => {
  await expectWritten()
  await server.ask('PUT', `/${index}/_settings`, { 'index.blocks.metadata': true })
  await expectWriteFails('index-blocked', `{"index.blocks.metadata":null}`)
  expect(await found()).toEqual(['error index-blocked'])
})

test('a block on the index for journals → index-blocked', async () => {
  await expectWritten()
  await server.ask('PUT', `/${prefix}-journals/_settings`, { 'index.blocks.write': true })
  await using session = await openTestSession(sink)
  const other = testBatch([testRecord({ home })], 'another journal')
  expectFails(await session.write(other), 'index-blocked', [`${prefix}-journals`])
  expect(await found()).toEqual(['error index-blocked'])
})

test('a read-only cluster → cluster-blocked', async () => {
  await expectWritten()
  await settings({ 'cluster.blocks.read_only': true })
  try {
    await expectWriteFails('cluster-blocked', 'PUT /_cluster/settings', 'cluster.blocks.read_only')
  } finally {
    await settings({ 'cluster.blocks.read_only': null })
  }
})

test('an index that has reached its field limit is still written to, and the log names the limit', async () => {
  await server.ask('PUT', `/${index}`, {
    aliases: { [prefix]: {} },
    settings: { 'index.mapping.total_fields.limit': 10 },
    mappings: { dynamic: false, _meta: { cdrstream: { template: 0 } } },
  })
  const logged: Logged = { lines: [] }
  sink = await sinkOf({}, logged)
  await expectWritten()
  expect(logged.lines.join('\n')).toContain('Limit of total fields [10]')
})

test('an index without its shards → retry with the cause, and the check reports index-red', async () => {
  await expectWritten()
  await server.ask('DELETE', `/${index}`)
  await server.ask('PUT', `/${index}?wait_for_active_shards=0`, {
    aliases: { [prefix]: {} },
    settings: { 'index.routing.allocation.require._name': 'nowhere' },
    mappings: { dynamic: false, _meta: { cdrstream: { template: 1 } } },
  })
  expect(await found()).toEqual(['error index-red'])
  await using session = await openTestSession(sink)
  const cause = { status: 503, type: 'unavailable_shards_exception' }
  expect(await session.write(batch('b'))).toMatchObject({ kind: 'retry', cause })
})

test('a disk above the flood-stage watermark → disk-full', async () => {
  await expectWritten()
  const watermark = (low: unknown, high: unknown, flood: unknown, isOn: unknown) =>
    settings({
      'cluster.routing.allocation.disk.threshold_enabled': isOn,
      'cluster.routing.allocation.disk.watermark.low': low,
      'cluster.routing.allocation.disk.watermark.high': high,
      'cluster.routing.allocation.disk.watermark.flood_stage': flood,
      'cluster.info.update.interval': '10s',
    })
  await watermark('900tb', '800tb', '700tb', true)
  const isBlocked = async () =>
    JSON.stringify(await server.ask('GET', `/${index}/_settings/index.blocks.*`)).includes('allow_delete')
  await expect.poll(isBlocked, { interval: 500 }).toBe(true)
  await expectWriteFails('disk-full', index, '_cat/allocation')
  expect(await found()).toContain('error disk-full')
  await watermark(null, null, null, null)
  await expect.poll(isBlocked, { interval: 500 }).toBe(false)
  await expectWritten()
})
