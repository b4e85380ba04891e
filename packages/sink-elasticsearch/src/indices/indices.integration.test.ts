import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { indexTemplate } from '../index.ts'
import type { Reader } from '../testing/reader.ts'
import { serverStartMs, type TestPlaces, testPlaces } from '../testing/test-places.ts'
import { testBatch, testRecord } from '../testing/test-record.ts'
import { call, type Logged } from '../testing/test-sink.ts'

let places: TestPlaces
let server: Reader
beforeAll(async () => {
  places = await testPlaces('indices-test')
  server = places.server
}, serverStartMs)
afterAll(() => places.removeAll(), serverStartMs)

describe('the index template', () => {
  const versionOf = async (alias: string) => {
    const answer = await server.ask('GET', `/_index_template/${alias}`)
    return answer.index_templates[0].index_template.version
  }

  test('is put once, and put again when the options have changed', async () => {
    const logged: Logged = { lines: [] }
    const { sink, alias } = await places.opened({}, logged)
    await (await places.another(alias, {}, logged)).close(call)
    expect(logged.lines.length).toBe(1)
    await (await places.another(alias, { shards: 2 }, logged)).close(call)
    expect(logged.lines.length).toBe(2)
    await sink.close(call)
  })

  test('is upgraded, and never downgraded', async () => {
    const alias = places.newAlias()
    const { body } = indexTemplate({ indexPrefix: alias })
    for (const [version, becomes] of [
      [0, body.version],
      [99, 99],
    ]) {
      await server.ask('PUT', `/_index_template/${alias}`, { ...body, version })
      await (await places.another(alias)).close(call)
      expect(await versionOf(alias)).toBe(becomes)
    }
  })

  test('of somebody else is not touched', async () => {
    const alias = places.newAlias()
    await server.ask('PUT', `/_index_template/${alias}`, { index_patterns: [`${alias}-2*.*`], priority: 7 })
    expect(await (await places.unopened(alias)).open(call)).toMatchObject({
      kind: 'failed',
      code: 'foreign-template',
    })
    const other = places.newAlias()
    await server.ask('PUT', `/_index_template/${alias}`, { index_patterns: [`${other}-*`], priority: 300 })
    expect(await (await places.unopened(other)).open(call)).toMatchObject({
      kind: 'failed',
      code: 'template-refused',
    })
  })

  test('is for the monthly indices alone', async () => {
    const { sink, alias } = await places.opened()
    for (const other of ['coverage', 'archive', 'old-2026.11']) {
      await server.ask('PUT', `/${alias}-${other}`)
      const found = await server.ask('GET', `/${alias}-${other}`)
      expect(found[`${alias}-${other}`].aliases).toEqual({})
    }
    await sink.close(call)
  })

  test('that somebody has to put and has not is asked for, before a record is written', async () => {
    const { sink, alias, month } = await places.opened({ manageTemplate: false })
    expect(await sink.write(testBatch([testRecord()]), call)).toMatchObject({
      kind: 'failed',
      code: 'template-missing',
    })
    expect(await sink.check(call)).toContainEqual(
      expect.objectContaining({ level: 'error', code: 'template-missing' }),
    )
    const { name, body } = indexTemplate({ indexPrefix: alias })
    await server.ask('PUT', `/_index_template/${name}`, body)
    await server.ask('DELETE', `/${month('2026.11')}`)
    expect(await sink.write(testBatch([testRecord()]), call)).toEqual({ kind: 'accepted' })
    expect((await server.documents(alias)).length).toBe(1)
    await sink.close(call)
  })
})

describe('a monthly index', () => {
  test('gets the fields that a newer template knows', async () => {
    const { sink, month } = await places.opened()
    await server.ask('PUT', `/${month('2026.11')}`, {
      mappings: { _meta: { cdrstream: { template: 0 } } },
    })
    expect(await sink.write(testBatch([testRecord()]), call)).toEqual({ kind: 'accepted' })
    const found = await server.ask('GET', `/${month('2026.11')}/_mapping`)
    expect(found[month('2026.11')].mappings).toMatchObject({
      dynamic: 'false',
      _meta: { cdrstream: { template: 1 } },
      properties: { user: { type: 'keyword' } },
    })
    await sink.close(call)
  })

  test('that is deleted while the sink is open is made again, with mapping and alias', async () => {
    const { sink, alias, month } = await places.opened()
    await sink.write(testBatch([testRecord({ key: 'a' })]), call)
    await server.ask('DELETE', `/${month('2026.11')}`)
    expect(await sink.write(testBatch([testRecord({ key: 'b' })]), call)).toEqual({ kind: 'accepted' })
    expect((await server.documents(alias)).map(({ _source }) => _source.key)).toEqual(['b'])
    await sink.close(call)
  })

  test('that somebody has blocked needs a person, and goes on when the block is gone', async () => {
    const { sink, alias, month } = await places.opened()
    await sink.write(testBatch([testRecord({ key: 'a' })]), call)
    const block = (on: boolean) =>
      server.ask('PUT', `/${month('2026.11')}/_settings`, { 'index.blocks.write': on })
    await block(true)
    const next = testBatch([testRecord({ key: 'b' })])
    expect(await sink.write(next, call)).toMatchObject({ kind: 'failed', code: 'index-blocked' })
    await block(false)
    expect(await sink.open(call)).toEqual({ kind: 'opened' })
    expect(await sink.write(next, call)).toEqual({ kind: 'accepted' })
    expect((await server.documents(alias)).length).toBe(2)
    await sink.close(call)
  })

  test('that answers before its records are on disk is found by doctor', async () => {
    const { sink, month } = await places.opened()
    await sink.write(testBatch([testRecord()]), call)
    expect((await sink.check(call)).map(({ level }) => level)).toEqual(['ok', 'ok'])
    await server.ask('PUT', `/${month('2026.11')}/_settings`, { 'index.translog.durability': 'async' })
    expect(await sink.check(call)).toContainEqual(
      expect.objectContaining({ level: 'warning', code: 'translog-async' }),
    )
    await sink.close(call)
  })
})

test('indices older than the retention are deleted, and nothing else', async () => {
  const { sink, alias, month } = await places.opened()
  const records = ['2020-01-15', '2020-02-15', '2026-11-24'].map((home) => testRecord({ key: home, home }))
  await sink.write(testBatch(records), call)
  await server.ask('PUT', `/${month('2020.01')}-copy`)
  await sink.close(call)
  const next = await places.another(alias, { retention: '400d' })
  expect((await server.documents(alias)).map(({ _source }) => _source.key)).toEqual(['2026-11-24'])
  expect(
    Object.keys(await server.ask('GET', `/${alias}-*?filter_path=*.settings.index.uuid`)).sort(),
  ).toEqual([`${month('2020.01')}-copy`, month('2026.11')])
  await next.close(call)
})
