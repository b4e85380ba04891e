import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { indexTemplate } from '../src/indices/index-template.ts'
import type { Reader } from './support/reader.ts'
import { serverStartMs, type TestPlaces, testPlaces } from './support/test-places.ts'
import { testBatch, testRecord } from './support/test-record.ts'
import { openTestSession } from './support/test-sink.ts'

let places: TestPlaces
let server: Reader
beforeAll(async () => {
  places = await testPlaces('retention-test')
  server = places.server
}, serverStartMs)
afterAll(() => places.removeAll(), serverStartMs)
afterEach(() => {
  vi.useRealTimers()
})

const retention = '400d'
const recordsOf = (...homes: readonly string[]) =>
  testBatch(homes.map((home) => testRecord({ key: home, home })))
const at = (time: string) => vi.useFakeTimers({ toFake: ['Date'], now: new Date(time) })
const months = async (alias: string) => {
  const found = await server.ask('GET', `/${alias}-2*?expand_wildcards=all&filter_path=*.settings.index.uuid`)
  return Object.keys(found)
    .map((name) => name.slice(alias.length + 1))
    .sort()
}

/** Returns a place with a record for each of these homes, all visible to searches. */
async function filled(...homes: readonly string[]) {
  const { session, alias, month } = await places.opened()
  await session.write(recordsOf(...homes))
  await session.close()
  await server.ask('POST', `/${alias}/_refresh`)
  return { alias, month }
}

describe('the retention', () => {
  test('deletes expired months when the sink opens and with the first batch of a day', async () => {
    const { alias } = await filled('2020-01-15', '2025-10-15', '2026-11-24')
    at('2026-11-24T12:00:00Z')
    await using session = await places.another(alias, { retention })
    expect(await months(alias)).toEqual(['2025.10', '2026.11'])
    at('2026-12-10T12:00:00Z')
    await session.write(recordsOf('2026-12-10'))
    await server.ask('POST', `/${alias}/_refresh`)
    at('2026-12-11T12:00:00Z')
    expect(await session.write(recordsOf('2026-12-11'))).toEqual({ kind: 'accepted' })
    expect(await months(alias)).toEqual(['2026.11', '2026.12'])
  })

  test('deletes nothing on the clock alone, because it is limited by the newest day with a record', async () => {
    const { alias } = await filled('2025-10-15', '2026-10-15', '2026-11-03')
    at('2028-04-07T12:00:00Z')
    await using _session = await places.another(alias, { retention })
    expect(await months(alias)).toEqual(['2025.10', '2026.10', '2026.11'])
  })

  test('ignores empty months when it determines the newest day with a record', async () => {
    const { alias, month } = await filled('2020-01-15')
    await server.ask('PUT', `/${month('2026.11')}`)
    at('2026-11-24T12:00:00Z')
    await using _session = await places.another(alias, { retention })
    expect(await months(alias)).toEqual(['2020.01', '2026.11'])
  })

  test('deletes only open indices that the sink manages', async () => {
    const { alias, month } = await filled('2020-01-15', '2020-02-15', '2020-03-15', '2026-11-24')
    const { body } = indexTemplate({ indexPrefix: alias })
    // Foreign indices whose names match.
    await server.ask('DELETE', `/_index_template/${alias}`)
    await server.ask('PUT', `/${month('2019.01')}`)
    await server.ask('PUT', `/${month('2019.02')}`, { aliases: { [alias]: {} } })
    await server.ask('PUT', `/${month('2020.01')}-copy`)
    await server.ask('PUT', `/_index_template/${alias}`, body)
    // Removed from the alias, and therefore kept.
    await server.ask('POST', '/_aliases', { actions: [{ remove: { index: month('2020.02'), alias } }] })
    await server.ask('POST', `/${month('2020.03')}/_close`)
    at('2026-11-24T12:00:00Z')
    await using _session = await places.another(alias, { retention })
    expect(await months(alias)).toEqual([
      '2019.01',
      '2019.02',
      '2020.01-copy',
      '2020.02',
      '2020.03',
      '2026.11',
    ])
  })

  test('does not cause a reopen after it deletes a month that was written to', async () => {
    at('2026-11-24T12:00:00Z')
    const { session, alias } = await places.opened({ retention })
    await session.write(recordsOf('2020-01-15', '2026-11-24'))
    await server.ask('POST', `/${alias}/_refresh`)
    at('2026-11-25T12:00:00Z')
    expect(await session.write(recordsOf('2026-11-25'))).toEqual({ kind: 'accepted' })
    expect(await months(alias)).toEqual(['2026.11'])
    await session.close()
    await using next = await openTestSession(session.sink)
    const asked = ['2020-01-15', '2026-11-24', '2026-11-23'].map((home) => testRecord({ key: home, home }))
    expect(await next.holds(...asked)).toEqual(['expired', 'present', 'absent'])
  })
})
