import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { indexTemplate } from '../src/index.ts'
import type { Reader } from './support/reader.ts'
import { serverStartMs, type TestPlaces, testPlaces } from './support/test-places.ts'
import { testBatch, testRecord, testRecords } from './support/test-record.ts'

let places: TestPlaces
let server: Reader
beforeAll(async () => {
  places = await testPlaces('sink-test')
  server = places.server
}, serverStartMs)
afterAll(() => places.removeAll(), serverStartMs)

const shown = async (alias: string) =>
  (await server.documents(alias)).map(({ _source: { org, key, rank } }) => `${org}/${key}/${rank}`)

describe('a reader of the alias', () => {
  test('finds each record once, even if it was delivered again in another batch', async () => {
    const { session, alias } = await places.opened()
    const records = testRecords(500)
    expect(await session.write(testBatch(records))).toEqual({ kind: 'accepted' })
    expect(await session.write(testBatch(records.slice(100, 300)))).toEqual({ kind: 'accepted' })
    expect((await shown(alias)).length).toBe(500)
    await session.close()
  })

  test('finds the revision with the highest rank, regardless of the delivery order', async () => {
    const { session, alias } = await places.opened()
    for (const rank of [5, 9, 7, 9]) {
      expect(await session.write(testBatch([testRecord({ rank, content: { Duration: rank } })]))).toEqual({
        kind: 'accepted',
      })
    }
    const [document] = await server.documents(alias)
    expect(document?._source).toMatchObject({ rank: 9, duration: 9 })
    await session.close()
  })

  test('finds the same key of two orgs, and similar pairs of org and key, as separate documents', async () => {
    const { session, alias } = await places.opened()
    const records = [
      testRecord({ org: 'a', key: 'b:c' }),
      testRecord({ org: 'a:b', key: 'c' }),
      testRecord({ org: 'b', key: 'c' }),
      testRecord({ org: 'b', key: 'k'.repeat(5_000) }),
      testRecord({ org: 'b', key: '\ud800' }),
    ]
    expect(await session.write(testBatch(records))).toEqual({ kind: 'accepted' })
    expect((await server.documents(alias)).length).toBe(records.length)
    await session.close()
  })

  test('finds records from all months under one alias, with one index per month', async () => {
    const { session, alias, month } = await places.opened()
    await session.write(
      testBatch([testRecord({ key: 'a', home: '2026-10-31' }), testRecord({ key: 'b', home: '2026-11-01' })]),
    )
    expect((await server.documents(alias)).map(({ _index }) => _index)).toEqual([
      month('2026.10'),
      month('2026.11'),
    ])
    await session.close()
  })

  test('can search by number, by time and by an unknown field', async () => {
    const { session, alias } = await places.opened()
    await session.write(
      testBatch([
        testRecord({ key: 'a', content: { 'Called number': '+15550100', 'New field': { code: 7 } } }),
        testRecord({ key: 'b', content: { 'Called number': '+15550199' } }),
      ]),
    )
    const keys = async (query: object) => {
      await server.ask('POST', `/${alias}/_refresh`)
      const { hits } = await server.ask('POST', `/${alias}/_search`, { query })
      return hits.hits.map(({ _source }: { _source: { key: string } }) => _source.key)
    }
    expect(await keys({ term: { called_number: '+15550100' } })).toEqual(['a'])
    expect(await keys({ term: { 'extra.New field.code': '7' } })).toEqual(['a'])
    expect(
      (await keys({ range: { start_time: { gte: '2026-11-24T11:00:00Z', lt: '2026-11-24T12:00:00Z' } } }))
        .length,
    ).toBe(2)
    await session.close()
  })
})

describe('the content of a record', () => {
  const hostile: Readonly<Record<string, unknown>> = {
    User: 'NUL \0, surrogate \ud800, " and \\',
    Duration: 'not a number',
    Location: 'x'.repeat(1_000_000),
    __proto__x: { polluted: true },
    '': 'no name',
    'a.b': 1,
    '"; drop table': 1,
    long: 'y'.repeat(1_000_000),
    [`long name ${'k'.repeat(33_000)}`]: 'v',
    'NUL \0': 'NUL \0',
    deep: JSON.parse(`${'{"a":'.repeat(500)}1${'}'.repeat(500)}`),
    list: [1.5, null, -1e300, 'x', true, { y: [] }],
  }

  test('is stored in full, regardless of what it contains', async () => {
    const { session, alias } = await places.opened()
    const records = [
      testRecord({ key: 'before' }),
      testRecord({ key: 'hostile', content: hostile }),
      testRecord({ key: 'later' }),
    ]
    expect(await session.write(testBatch(records))).toEqual({ kind: 'accepted' })
    const documents = await server.documents(alias)
    expect(documents.map(({ _source }) => _source.key)).toEqual(['before', 'hostile', 'later'])
    const { extra, extra_text: text, user, location } = documents[1]?._source ?? {}
    const { User, Location, ...others } = hostile
    expect({ user, location }).toEqual({ user: User, location: Location })
    const kept = { ...(extra as object), ...JSON.parse(String(text)) }
    expect(Object.keys(kept).sort()).toEqual(
      Object.keys(others)
        .filter((name) => name !== '')
        .concat('')
        .sort(),
    )
    expect(kept).toEqual(others)
    await session.close()
  })

  test('does not change the mapping, even with 10,000 unknown keys', async () => {
    const { session, alias, month } = await places.opened()
    const mapping = () => server.ask('GET', `/${month('2026.11')}/_mapping`)
    await session.write(testBatch([testRecord()]))
    const before = await mapping()
    const records = Array.from({ length: 100 }, (_, at) =>
      testRecord({
        key: `key-${at}`,
        content: Object.fromEntries(
          Array.from({ length: 100 }, (_key, index) => [`field ${at * 100 + index}`, index]),
        ),
      }),
    )
    expect(await session.write(testBatch(records))).toEqual({ kind: 'accepted' })
    expect(await mapping()).toEqual(before)
    await server.ask('POST', `/${alias}/_refresh`)
    const { count } = await server.ask('POST', `/${alias}/_count`, {
      query: { term: { 'extra.field 9999': '99' } },
    })
    expect(count).toBe(1)
    await session.close()
  })

  test('that Elasticsearch rejects causes only that record to be refused', async () => {
    const { session, alias, month } = await places.opened({ manageTemplate: false })
    const template = indexTemplate({ indexPrefix: alias }).body
    const properties = { ...template.template.mappings.properties, model: { type: 'integer' } }
    const mappings = { ...template.template.mappings, properties }
    await server.ask('PUT', `/_index_template/${alias}`, {
      ...template,
      template: { ...template.template, mappings },
    })
    const records = [
      testRecord({ key: 'a' }),
      testRecord({ key: 'b', content: { Model: 'no number' } }),
      testRecord({ key: 'c', content: { Model: '7' } }),
    ]
    expect(await session.write(testBatch(records))).toEqual({
      kind: 'accepted',
      refused: [{ index: 1, reason: expect.stringContaining('model') }],
    })
    expect((await server.documents(month('2026.11'))).map(({ _source }) => _source.key)).toEqual(['a', 'c'])
    await session.close()
  })
})

describe('after the journal is lost', () => {
  test('a key that arrives with a different home replaces its earlier revision', async () => {
    const { session, alias, month } = await places.opened()
    await session.write(
      testBatch([testRecord({ key: 'a', rank: 5, home: '2026-10-31' }), testRecord({ key: 'b' })], 'old'),
    )
    await session.close()
    const next = await places.another(alias)
    const records = [
      testRecord({ key: 'a', rank: 6, home: '2026-11-01' }),
      testRecord({ key: 'b', rank: 1, home: '2026-11-24' }),
      testRecord({ key: 'c', home: '2026-11-24' }),
    ]
    expect(await next.write(testBatch(records, 'new'))).toEqual({ kind: 'accepted' })
    const documents = await server.documents(alias)
    expect(documents.map(({ _index, _source: { key, rank, home } }) => [_index, key, rank, home])).toEqual([
      [month('2026.10'), 'a', 6, '2026-10-31'],
      [month('2026.11'), 'b', 1, '2026-11-24'],
      [month('2026.11'), 'c', 1, '2026-11-24'],
    ])
    await next.close()
  })

  test('a reopened sink still detects that the journal is not the first one', async () => {
    const { session, alias } = await places.opened()
    await session.write(testBatch([testRecord({ key: 'a', home: '2026-10-31' })], 'old'))
    await session.write(testBatch([testRecord({ key: 'x' })], 'new'))
    await session.close()
    const next = await places.another(alias)
    await next.write(testBatch([testRecord({ key: 'a', rank: 2, home: '2026-11-01' })], 'new'))
    expect((await server.documents(alias)).filter(({ _source }) => _source.key === 'a').length).toBe(1)
    await next.close()
  })

  test('a key that the journal has forgotten is also looked up', async () => {
    const { session, alias } = await places.opened()
    const late = { acceptedAt: '2026-11-24T12:00:00Z', content: { 'Start time': '2026-09-30T23:59:59Z' } }
    await session.write(testBatch([testRecord({ key: 'a', home: '2026-09-30' })]))
    await server.ask('POST', `/${alias}/_refresh`)
    await session.write(testBatch([testRecord({ ...late, key: 'a', rank: 2, home: '2026-11-24' })]))
    expect((await server.documents(alias)).map(({ _source: { rank, home } }) => [rank, home])).toEqual([
      [2, '2026-09-30'],
    ])
    await session.close()
  })
})

test('two sinks that write the same records at the same time store each record once', async () => {
  const { session, alias } = await places.opened()
  const other = await places.another(alias)
  const records = testRecords(2_000, { content: { User: 'x'.repeat(500) } })
  const higher = records.map(({ key }) => testRecord({ key, rank: 2 }))
  const outcomes = await Promise.all([session.write(testBatch(records)), other.write(testBatch(higher))])
  expect(outcomes).toEqual([{ kind: 'accepted' }, { kind: 'accepted' }])
  const documents = await server.documents(alias)
  expect(documents.length).toBe(2_000)
  expect(new Set(documents.map(({ _source }) => _source.rank))).toEqual(new Set([2]))
  await Promise.all([session.close(), other.close()])
})

test('a sink with compression writes its records', async () => {
  const { session, alias } = await places.opened({ compress: 'gzip', bulkBytes: '100KB', concurrency: 3 })
  expect(await session.write(testBatch(testRecords(1_000)))).toEqual({ kind: 'accepted' })
  expect((await server.documents(alias)).length).toBe(1_000)
  await session.close()
})
