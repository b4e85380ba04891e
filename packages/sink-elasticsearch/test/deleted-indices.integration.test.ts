import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { indexTemplate } from '../src/index.ts'
import type { Reader } from './support/reader.ts'
import { serverStartMs, type TestPlaces, testPlaces } from './support/test-places.ts'
import { testBatch, testRecord } from './support/test-record.ts'
import { openTestSession } from './support/test-sink.ts'

let places: TestPlaces
let server: Reader
beforeAll(async () => {
  places = await testPlaces('deleted-test')
  server = places.server
}, serverStartMs)
afterAll(() => places.removeAll(), serverStartMs)

const batchOf = (key: string) => testBatch([testRecord({ key })])
const keysIn = async (alias: string) => (await server.documents(alias)).map(({ _source }) => _source.key)
const reopen = { kind: 'retry', reopen: true }

/** Expects the alias and the mapping of the sink's template, and not a mapping derived from a document. */
async function expectFromTemplate(name: string, alias: string) {
  const found = (await server.ask('GET', `/${name}`))[name]
  expect(found.aliases).toEqual({ [alias]: {} })
  expect(found.mappings).toMatchObject({ dynamic: 'false', properties: { extra: { type: 'flattened' } } })
}

describe('a monthly index that is deleted while the sink is open', () => {
  test('is created again only after the sink is reopened', async () => {
    const { session, alias, month } = await places.opened()
    await session.write(batchOf('a'))
    await server.ask('DELETE', `/${month('2026.11')}`)
    expect(await session.write(batchOf('b'))).toMatchObject(reopen)
    await session.close()
    await using next = await openTestSession(session.sink)
    expect(await next.holds(testRecord({ key: 'a' }))).toEqual(['absent'])
    expect(await next.write(batchOf('b'))).toEqual({ kind: 'accepted' })
    expect(await keysIn(alias)).toEqual(['b'])
    await expectFromTemplate(month('2026.11'), alias)
  })

  test('is noticed between two checks from the response to a bulk request', async () => {
    const { session, alias, month } = await places.opened()
    await session.write(batchOf('a'))
    await session.write(batchOf('b'))
    await server.ask('DELETE', `/${month('2026.11')}`)
    expect(await session.write(batchOf('c'))).toMatchObject(reopen)
    expect(await server.documents(alias)).toEqual([])
    await session.close()
  })

  test('is noticed even if another writer has recreated it', async () => {
    const { session, alias, month } = await places.opened()
    await session.write(batchOf('a'))
    await server.ask('DELETE', `/${month('2026.11')}`)
    await using other = await places.another(alias)
    await other.write(batchOf('b'))
    expect(await session.write(batchOf('c'))).toMatchObject(reopen)
    await session.close()
  })

  test('is created again with its mapping and alias even if the template was also deleted', async () => {
    const { session, alias, month } = await places.opened()
    await session.write(batchOf('a'))
    await server.ask('DELETE', `/${month('2026.11')}`)
    await server.ask('DELETE', `/_index_template/${alias}`)
    expect(await session.write(batchOf('b'))).toMatchObject(reopen)
    await session.close()
    await using next = await openTestSession(session.sink)
    expect(await next.write(batchOf('b'))).toEqual({ kind: 'accepted' })
    await expectFromTemplate(month('2026.11'), alias)
  })
})

describe('a monthly index that is removed from the alias while the sink is open', () => {
  test('keeps its records, and the sink fails with `alias-missing` until it is added again', async () => {
    const { session, alias, month } = await places.opened()
    await session.write(batchOf('a'))
    const change = (action: 'add' | 'remove') =>
      server.ask('POST', '/_aliases', { actions: [{ [action]: { index: month('2026.11'), alias } }] })
    await change('remove')
    expect(await session.write(batchOf('b'))).toMatchObject(reopen)
    await session.close()
    await using next = await openTestSession(session.sink)
    expect(await next.holds(testRecord({ key: 'a' }))).toEqual(['present'])
    expect(await next.write(batchOf('b'))).toMatchObject({ kind: 'failed', code: 'alias-missing' })
    expect(await session.sink.check?.({ signal: AbortSignal.timeout(10_000) })).toContainEqual(
      expect.objectContaining({ level: 'error', code: 'alias-missing' }),
    )
    await change('add')
    expect(await next.write(batchOf('b'))).toEqual({ kind: 'accepted' })
    expect(await keysIn(alias)).toEqual(['a', 'b'])
  })
})

test('a month that begins after the template was deleted is created from the template', async () => {
  const { session, alias, month } = await places.opened()
  await session.write(batchOf('a'))
  await server.ask('DELETE', `/_index_template/${alias}`)
  const next = testBatch([testRecord({ key: 'b', home: '2026-12-01' })])
  expect(await session.write(next)).toEqual({ kind: 'accepted' })
  await expectFromTemplate(month('2026.12'), alias)
  await session.close()
})

test('a write to a missing monthly index does not create it', async () => {
  const alias = places.newAlias()
  const { name, body } = indexTemplate({ indexPrefix: alias })
  await server.ask('PUT', `/_index_template/${name}`, body)
  expect(await server.ask('POST', `/${alias}-2026.11/_doc`, { key: 'a' })).toMatchObject({
    error: { type: 'index_not_found_exception' },
  })
})
