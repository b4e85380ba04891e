import type { OpenCall, Position } from '@cdrstream/plugin'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Reader } from './support/reader.ts'
import { serverStartMs, type TestPlaces, testPlaces } from './support/test-places.ts'
import { type testBatch, testRecord } from './support/test-record.ts'

let places: TestPlaces
let server: Reader
beforeAll(async () => {
  places = await testPlaces('restored-journal-test')
  server = places.server
}, serverStartMs)
afterAll(() => places.removeAll(), serverStartMs)

const incarnation = 'journal-1'
/** Returns a position on a branch of the journal: `trunk`, or a branch that differs after a restore. */
const at = (offset: number, branch = 'trunk'): Position => ({
  incarnation,
  offset,
  commit: offset === 0 ? '' : `${branch}-${offset}`,
})

interface Run {
  readonly alias: string
  readonly acknowledged: Position
  /** The positions that the journal has. */
  readonly owned: readonly Position[]
}

/** Opens the sink as a collector whose journal has these positions does. */
function opened({ alias, acknowledged, owned }: Run) {
  const owns: OpenCall['owns'] = async ({ offset, commit }) =>
    owned.some((position) => position.offset === offset && position.commit === commit)
  return places.another(alias, {}, { lines: [] }, { acknowledged, owns })
}

const batch = (from: Position, to: Position, ...records: Parameters<typeof testBatch>[0]) => ({
  records,
  from,
  to,
})

/** Two revisions of one key with homes in different months. */
const october = testRecord({ key: 'a', rank: 5, home: '2026-10-31' })
const november = testRecord({ key: 'a', rank: 6, home: '2026-11-01' })
const other = (key: string) => testRecord({ key })

async function shown(alias: string) {
  const documents = await server.documents(alias)
  return documents
    .filter(({ _source: { key } }) => key === 'a')
    .map(({ _source: { rank, home } }) => [rank, home])
}

describe('after the journal is restored from an older backup', () => {
  test('a key that was first seen after the backup and now has a different home is stored once', async () => {
    const { session, alias } = await places.opened()
    await session.write(batch(at(0), at(1), other('x')))
    await session.write(batch(at(1), at(2, 'lost'), october))
    await session.close()
    const next = await opened({ alias, acknowledged: at(1), owned: [at(0), at(1)] })
    expect(await next.write(batch(at(1), at(2, 'new'), november))).toEqual({ kind: 'accepted' })
    expect(await shown(alias)).toEqual([[6, '2026-10-31']])
    await next.close()
  })

  test('a key with a different home is stored once even if the process stopped before it wrote anything', async () => {
    const { session, alias } = await places.opened()
    await session.write(batch(at(0), at(1), other('x')))
    await session.write(batch(at(1), at(2, 'lost'), october))
    await session.close()
    const owned = [at(0), at(1), at(2, 'new')]
    await (await opened({ alias, acknowledged: at(1), owned })).close()
    const next = await opened({ alias, acknowledged: at(1), owned })
    await next.write(batch(at(1), at(2, 'new'), november))
    expect(await shown(alias)).toEqual([[6, '2026-10-31']])
    await next.close()
  })

  test('a key with a different home is stored once even if the restored journal has grown beyond the lost records', async () => {
    const { session, alias } = await places.opened()
    await session.write(batch(at(0), at(2, 'lost'), other('x'), october))
    await session.close()
    const next = await opened({ alias, acknowledged: at(0), owned: [at(0), at(2, 'new'), at(9, 'new')] })
    await next.write(batch(at(0), at(9, 'new'), november))
    expect(await shown(alias)).toEqual([[6, '2026-10-31']])
    await next.close()
  })

  test('a key with a different home is stored once even if only some of the lost records were written and none was acknowledged', async () => {
    const { session, alias, month } = await places.opened()
    await session.write(batch(at(0), at(1), other('x')))
    // The state after a crash between two bulk requests.
    await server.ask('PUT', `/${month('2026.11')}/_settings`, { 'index.blocks.write': true })
    await session.write(batch(at(1), at(3, 'lost'), october, other('y')))
    await server.ask('PUT', `/${month('2026.11')}/_settings`, { 'index.blocks.write': false })
    await session.close()
    const next = await opened({ alias, acknowledged: at(1), owned: [at(0), at(1)] })
    await next.write(batch(at(1), at(2, 'new'), november))
    expect(await shown(alias)).toEqual([[6, '2026-10-31']])
    await next.close()
  })
})

describe('a journal that was not restored', () => {
  test('stays trusted if its last write was not acknowledged', async () => {
    const { session, alias } = await places.opened()
    await session.write(batch(at(0), at(1), other('x')))
    await session.write(batch(at(1), at(2), october))
    await session.close()
    const next = await opened({ alias, acknowledged: at(1), owned: [at(0), at(1), at(2)] })
    await next.write(batch(at(1), at(2), october))
    const { _source: stored } = await server.ask(
      'GET',
      `/${alias}-journals/_doc/${encodeURIComponent(`journal:${incarnation}`)}`,
    )
    expect(stored).toEqual({ incarnation, journal_offset: 2, journal_commit: 'trunk-2' })
    await next.close()
  })

  test('can be written by two sinks, and the larger position is used', async () => {
    const { session, alias } = await places.opened()
    const second = await places.another(alias)
    await session.write(batch(at(0), at(1), other('x')))
    await second.write(batch(at(0), at(1), other('x')))
    await session.write(batch(at(1), at(3, 'lost'), october))
    await second.write(batch(at(1), at(2, 'lost'), other('y')))
    await Promise.all([session.close(), second.close()])
    const next = await opened({ alias, acknowledged: at(1), owned: [at(0), at(1), at(2, 'lost')] })
    await next.write(batch(at(1), at(4, 'new'), november))
    expect(await shown(alias)).toEqual([[6, '2026-10-31']])
    await next.close()
  })

  test('is stored again if the index for journals is deleted while the sink is open', async () => {
    const { session, alias } = await places.opened()
    await session.write(batch(at(0), at(1), other('x')))
    await server.ask('DELETE', `/${alias}-journals`)
    expect(await session.write(batch(at(1), at(2), october))).toEqual({ kind: 'accepted' })
    await session.close()
    const next = await opened({ alias, acknowledged: at(1), owned: [at(0), at(1)] })
    await next.write(batch(at(1), at(2, 'new'), november))
    expect(await shown(alias)).toEqual([[6, '2026-10-31']])
    await next.close()
  })
})
