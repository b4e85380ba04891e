import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Reader } from './support/reader.ts'
import { serverStartMs, type TestPlaces, testPlaces } from './support/test-places.ts'
import { testBatch, testRecord, testRecords } from './support/test-record.ts'

let places: TestPlaces
let server: Reader
beforeAll(async () => {
  places = await testPlaces('presence-test')
  server = places.server
}, serverStartMs)
afterAll(() => places.removeAll(), serverStartMs)

describe('a record', () => {
  test('is present immediately after it has been written, before searches find it', async () => {
    const { session } = await places.opened({ refreshInterval: '1h' })
    const records = testRecords(3)
    await session.write(testBatch(records.slice(0, 2)))
    expect(await session.holds(...records)).toEqual(['present', 'present', 'absent'])
    await session.close()
  })

  test('is present only if the stored revision is the requested one or newer', async () => {
    const { session } = await places.opened()
    await session.write(testBatch([testRecord({ rank: 5 })]))
    const asked = [4, 5, 6].map((rank) => testRecord({ rank }))
    expect(await session.holds(...asked)).toEqual(['present', 'present', 'absent'])
    await session.close()
  })

  test('is absent if its index was never created or was deleted', async () => {
    const { session, month } = await places.opened()
    const record = testRecord()
    expect(await session.holds(record)).toEqual(['absent'])
    await session.write(testBatch([record]))
    await server.ask('DELETE', `/${month('2026.11')}`)
    expect(await session.holds(record)).toEqual(['absent'])
    expect(await session.holds()).toEqual([])
    await session.close()
  })

  test('is present in an index that was removed from the alias', async () => {
    const { session, alias, month } = await places.opened()
    await session.write(testBatch([testRecord()]))
    await server.ask('POST', '/_aliases', { actions: [{ remove: { index: month('2026.11'), alias } }] })
    expect(await session.holds(testRecord())).toEqual(['present'])
    await session.close()
  })

  test('is found under the home that an earlier journal assigned to its key', async () => {
    const { session } = await places.opened()
    await session.write(testBatch([testRecord({ rank: 5, home: '2026-10-31' }), testRecord({ key: 'b' })]))
    const asked = [5, 6].map((rank) => testRecord({ rank, home: '2026-11-01' }))
    expect(await session.holds(...asked)).toEqual(['present', 'absent'])
    await session.close()
  })

  test('is unknown while its index cannot be read', async () => {
    const { session, month } = await places.opened()
    await session.write(testBatch([testRecord()]))
    await server.ask('POST', `/${month('2026.11')}/_close`)
    expect(await session.holds(testRecord())).toEqual(['unknown'])
    await session.close()
  })
})
