import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { indexTemplate } from '../src/index.ts'
import type { Reader } from './support/reader.ts'
import { serverStartMs, type TestPlaces, testPlaces } from './support/test-places.ts'
import { testBatch, testRecord } from './support/test-record.ts'
import { call, type Logged, openCall, openTestSession } from './support/test-sink.ts'

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

  test('is put once, and again if the options have changed', async () => {
    const logged: Logged = { lines: [] }
    const { session, alias } = await places.opened({}, logged)
    await (await places.another(alias, {}, logged)).close()
    expect(logged.lines.length).toBe(1)
    await (await places.another(alias, { shards: 2 }, logged)).close()
    expect(logged.lines.length).toBe(2)
    await session.close()
  })

  test('is upgraded, and never downgraded', async () => {
    const alias = places.newAlias()
    const { body } = indexTemplate({ indexPrefix: alias })
    for (const [version, becomes] of [
      [0, body.version],
      [99, 99],
    ]) {
      await server.ask('PUT', `/_index_template/${alias}`, { ...body, version })
      await (await places.another(alias)).close()
      expect(await versionOf(alias)).toBe(becomes)
    }
  })

  test('is not changed if it is foreign', async () => {
    const alias = places.newAlias()
    await server.ask('PUT', `/_index_template/${alias}`, { index_patterns: [`${alias}-2*.*`], priority: 7 })
    expect(await (await places.unopened(alias)).open(openCall)).toMatchObject({
      kind: 'failed',
      code: 'foreign-template',
    })
    const other = places.newAlias()
    await server.ask('PUT', `/_index_template/${alias}`, { index_patterns: [`${other}-*`], priority: 300 })
    expect(await (await places.unopened(other)).open(openCall)).toMatchObject({
      kind: 'failed',
      code: 'template-refused',
    })
  })

  test('applies only to the monthly indices', async () => {
    const { session, alias } = await places.opened()
    for (const other of ['coverage', 'archive', 'old-2026.11']) {
      await server.ask('PUT', `/${alias}-${other}`)
      const found = await server.ask('GET', `/${alias}-${other}`)
      expect(found[`${alias}-${other}`].aliases).toEqual({})
    }
    await session.close()
  })

  test('is required before a record is written, even if an administrator manages it', async () => {
    const { session, alias, month } = await places.opened({ manageTemplate: false })
    expect(await session.write(testBatch([testRecord()]))).toMatchObject({
      kind: 'failed',
      code: 'template-missing',
    })
    expect(await session.sink.check(call)).toContainEqual(
      expect.objectContaining({ level: 'error', code: 'template-missing' }),
    )
    const { name, body } = indexTemplate({ indexPrefix: alias })
    await server.ask('PUT', `/_index_template/${name}`, body)
    await server.ask('DELETE', `/${month('2026.11')}`)
    expect(await session.write(testBatch([testRecord()]))).toEqual({ kind: 'accepted' })
    expect((await server.documents(alias)).length).toBe(1)
    await session.close()
  })
})

describe('a monthly index', () => {
  test("gets a newer template's fields", async () => {
    const { session, month } = await places.opened()
    await server.ask('PUT', `/${month('2026.11')}`, {
      mappings: { _meta: { cdrstream: { template: 0 } } },
    })
    expect(await session.write(testBatch([testRecord()]))).toEqual({ kind: 'accepted' })
    const found = await server.ask('GET', `/${month('2026.11')}/_mapping`)
    expect(found[month('2026.11')].mappings).toMatchObject({
      dynamic: 'false',
      _meta: { cdrstream: { template: 1 } },
      properties: { user: { type: 'keyword' } },
    })
    await session.close()
  })

  test('that is blocked fails the sink, and works again when the block is removed', async () => {
    const { session, alias, month } = await places.opened()
    await session.write(testBatch([testRecord({ key: 'a' })]))
    const block = (on: boolean) =>
      server.ask('PUT', `/${month('2026.11')}/_settings`, { 'index.blocks.write': on })
    await block(true)
    const next = testBatch([testRecord({ key: 'b' })])
    expect(await session.write(next)).toMatchObject({ kind: 'failed', code: 'index-blocked' })
    await block(false)
    await session.close()
    await using reopened = await openTestSession(session.sink)
    expect(await reopened.write(next)).toEqual({ kind: 'accepted' })
    expect((await server.documents(alias)).length).toBe(2)
  })

  test('that is closed fails the sink until it is opened', async () => {
    const { session, alias, month } = await places.opened()
    await session.write(testBatch([testRecord({ key: 'a' })]))
    await server.ask('POST', `/${month('2026.11')}/_close`)
    const next = testBatch([testRecord({ key: 'b' })])
    const closed = { kind: 'failed', code: 'index-closed' }
    expect(await session.write(next)).toMatchObject(closed)
    await session.close()
    await using reopened = await openTestSession(session.sink)
    expect(await reopened.write(next)).toMatchObject(closed)
    expect(await session.sink.check(call)).toContainEqual(expect.objectContaining({ code: 'index-closed' }))
    await server.ask('POST', `/${month('2026.11')}/_open?wait_for_active_shards=1`)
    expect(await reopened.write(next)).toEqual({ kind: 'accepted' })
    expect((await server.documents(alias)).length).toBe(2)
  })

  test('with an asynchronous translog makes the check warn', async () => {
    const { session, month } = await places.opened()
    await session.write(testBatch([testRecord()]))
    expect((await session.sink.check(call)).map(({ level }) => level)).toEqual(['ok', 'ok'])
    await server.ask('PUT', `/${month('2026.11')}/_settings`, { 'index.translog.durability': 'async' })
    expect(await session.sink.check(call)).toContainEqual(
      expect.objectContaining({ level: 'warning', code: 'translog-async' }),
    )
    await session.close()
  })
})
