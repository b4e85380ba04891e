import { setTimeout as wait } from 'node:timers/promises'
import type { CdrRecord, WriteOutcome } from '@cdrstream/plugin'
import { type ElasticsearchServer, startElasticsearch } from '@cdrstream-internal/services'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { reader } from './support/reader.ts'
import { serverStartMs } from './support/test-places.ts'
import { testBatch, testRecord } from './support/test-record.ts'
import { openCall, openTestSession, type TestSession, testSink } from './support/test-sink.ts'

let server: ElasticsearchServer
beforeAll(async () => {
  server = await startElasticsearch()
}, serverStartMs)
afterAll(() => server.stop(), serverStartMs)

const retryMs = 200

/** Delivers records as the engine does until all are written. Returns how many attempts failed. */
async function deliver(session: TestSession, records: readonly CdrRecord[]): Promise<number> {
  let pending = records
  let failures = 0
  while (true) {
    const outcome: WriteOutcome = await session.write(testBatch(pending))
    switch (outcome.kind) {
      case 'accepted':
        expect(outcome.refused).toBeUndefined()
        if (outcome.again === undefined) return failures
        pending = outcome.again.map((index) => pending[index] as CdrRecord)
        break
      case 'retry':
        break
      case 'refused':
      case 'rejected':
      case 'failed':
        throw new Error(JSON.stringify(outcome))
    }
    failures += 1
    await wait(retryMs)
  }
}

const records = (from: number, count: number, rank = 1) =>
  Array.from({ length: count }, (_, index) =>
    testRecord({
      key: `key-${from + index}`,
      rank,
      content: { User: 'x'.repeat(400), Duration: from + index },
    }),
  )

test(
  'a server that is killed during a batch ends up with the newest revision of each record exactly once',
  async () => {
    const sink = await testSink({ nodes: [server.url], replicas: 0, bulkBytes: '100KB' })
    await using session = await openTestSession(sink)
    await deliver(session, records(0, 100))
    const delivering = deliver(session, [...records(0, 100, 2), ...records(100, 20_000)])
    const found = reader(server.url)
    while ((await found.documents('cdr')).length < 1_000) await wait(20)
    await server.kill()
    await server.start()
    expect(await delivering).toBeGreaterThan(0)
    const documents = await found.documents('cdr')
    expect(documents.length).toBe(20_100)
    expect(new Set(documents.map(({ _id }) => _id)).size).toBe(20_100)
    for (const { _source } of documents) {
      expect(_source.key).toBe(`key-${_source.duration}`)
      expect(_source.rank).toBe(Number(_source.duration) < 100 ? 2 : 1)
    }
  },
  serverStartMs,
)

test('an aborted write settles while the server hangs, and succeeds when repeated after that', async () => {
  const sink = await testSink({ nodes: [server.url], replicas: 0 })
  const hanging = await sink.open(openCall)
  if (hanging.kind !== 'opened') throw new Error(JSON.stringify(hanging))
  server.suspend()
  const abort = new AbortController()
  const writing = hanging.session.write(testBatch(records(50_000, 1_000)), { signal: abort.signal })
  await wait(retryMs)
  abort.abort()
  expect(await writing).toMatchObject({ kind: 'retry' })
  await hanging.session.close?.(openCall)
  server.resume()
  await using session = await openTestSession(sink)
  await deliver(session, records(50_000, 1_000))
  expect(
    (await reader(server.url).documents('cdr')).filter(({ _source }) => Number(_source.duration) >= 50_000)
      .length,
  ).toBe(1_000)
})
