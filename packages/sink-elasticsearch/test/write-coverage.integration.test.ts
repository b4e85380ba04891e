import type { Mark } from '@cdrstream/plugin'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { elasticsearchSinkOptions } from '../src/elasticsearch-sink-options.ts'
import { indexNames } from '../src/indices/index-names.ts'
import { writeCoverage } from '../src/marks/write-coverage.ts'
import { connect } from '../src/server/connect.ts'
import type { Server } from '../src/server/server.ts'
import type { Reader } from './support/reader.ts'
import { serverStartMs, type TestPlaces, testPlaces } from './support/test-places.ts'
import { testBatch, testRecord } from './support/test-record.ts'
import { call } from './support/test-sink.ts'

let places: TestPlaces
let server: Reader
beforeAll(async () => {
  places = await testPlaces('coverage-test')
  server = places.server
}, serverStartMs)
afterAll(() => places.removeAll(), serverStartMs)

const day = (dayOfMonth: number) => Date.UTC(2026, 10, dayOfMonth)
const dayText = (dayOfMonth: number) => new Date(day(dayOfMonth)).toISOString()
const mark = (through: number, others: Partial<Mark> = {}): Mark => ({
  org: 'acme',
  fromMs: day(1),
  completeThroughMs: day(through),
  gaps: [],
  ...others,
})
const coverage = async (alias: string) =>
  Object.fromEntries(
    (await server.documents(`${alias}-coverage`)).map(({ _source: { org, ...others } }) => [org, others]),
  )

describe('a mark', () => {
  test('stores how far each org is complete outside the alias, and never moves back', async () => {
    const { session, alias } = await places.opened()
    await session.write(testBatch([testRecord()]))
    const gaps = [{ fromMs: day(2), toMs: day(3), reason: 'refused' }] as const
    await session.mark(mark(24, { gaps }), mark(20, { org: 'other' }))
    await session.mark(mark(20))
    expect(await coverage(alias)).toEqual({
      acme: {
        complete_through: dayText(24),
        gaps: [{ from: dayText(2), to: dayText(3), reason: 'refused' }],
      },
      other: { complete_through: dayText(20), gaps: [] },
    })
    await session.mark(mark(24))
    expect((await coverage(alias)).acme).toEqual({ complete_through: dayText(24), gaps: [] })
    expect((await server.documents(alias)).length).toBe(1)
    await session.close()
  })

  test('keeps the gaps before its beginning, and adds a gap for a span that was not collected', async () => {
    const { session, alias } = await places.opened()
    const gaps = [{ fromMs: day(2), toMs: day(3), reason: 'doubtful' }] as const
    await session.mark(mark(10, { gaps }))
    await session.mark(mark(24, { fromMs: day(12) }))
    expect((await coverage(alias)).acme).toEqual({
      complete_through: dayText(24),
      gaps: [
        { from: dayText(2), to: dayText(3), reason: 'doubtful' },
        { from: dayText(10), to: dayText(12), reason: 'not-collected' },
      ],
    })
    await session.close()
  })

  test('accepts a document from an earlier version, whose gaps have no reason', async () => {
    const { session, alias } = await places.opened()
    await session.mark(mark(20, { org: 'first' }))
    const id = 'acme:coverage'
    const version = `version=${day(10)}&version_type=external_gte`
    const gaps = [{ from: dayText(2), to: dayText(3) }]
    await server.ask('PUT', `/${alias}-coverage/_doc/${id}?${version}`, {
      org: 'acme',
      complete_through: dayText(10),
      gaps,
    })
    await session.mark(mark(24, { fromMs: day(5) }))
    expect((await coverage(alias)).acme).toEqual({
      complete_through: dayText(24),
      gaps: [{ from: dayText(2), to: dayText(3), reason: 'not-collected' }],
    })
    await session.close()
  })

  test.each([
    ['a new document', false],
    ['an existing document', true],
  ])(
    "that is written to %s at the same time as another writer's mark loses none of its gaps",
    async (_, exists) => {
      const { session, alias } = await places.opened()
      if (exists) await session.mark(mark(5))
      const gaps = [{ fromMs: day(2), toMs: day(3), reason: 'refused' }] as const
      const server = await serverWith(alias, () => session.mark(mark(10, { gaps })))
      await writeCoverage(server, indexNames(alias), [mark(24, { fromMs: day(12) })], call.signal)
      expect((await coverage(alias)).acme).toEqual({
        complete_through: dayText(24),
        gaps: [
          { from: dayText(2), to: dayText(3), reason: 'refused' },
          { from: dayText(10), to: dayText(12), reason: 'not-collected' },
        ],
      })
      await Promise.all([session.close(), server.close()])
    },
  )
})

/** Returns the real server, with an action that runs once between reading and writing the documents. */
async function serverWith(indexPrefix: string, meanwhile: () => Promise<void>): Promise<Server> {
  const options = await elasticsearchSinkOptions.parseAsync({ nodes: [places.url], indexPrefix })
  const server = await connect(options, '/')
  let happened = false
  return {
    async ask(request) {
      if (request.path.endsWith('/_bulk') && !happened) {
        happened = true
        await meanwhile()
      }
      return server.ask(request)
    },
    close: () => server.close(),
  }
}
