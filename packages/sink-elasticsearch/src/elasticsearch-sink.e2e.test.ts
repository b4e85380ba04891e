import { setTimeout as wait } from 'node:timers/promises'
import type { CdrRecord, WriteOutcome } from '@cdrstream/plugin'
import { type ElasticsearchServer, startElasticsearch } from '@cdrstream-internal/services'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { reader } from './testing/reader.ts'
import { serverStartMs } from './testing/test-places.ts'
import { testBatch, testRecord } from './testing/test-record.ts'
import { call, type TestSink, testSink } from './testing/test-sink.ts'

let server: ElasticsearchServer
beforeAll(async () => {
  server = await startElasticsearch()
}, serverStartMs)
afterAll(() => server.stop(), serverStartMs)

const retryMs = 200

/** As the engine does it: what has to come again does, until all is written. Tells how often it had to. */
async function deliver(sink: TestSink, records: readonly CdrRecord[]): Promise<number> {
  let pending = records
  let troubles = 0
  while (true) {
    const outcome: WriteOutcome = await sink.write(testBatch(pending), call)
    switch (outcome.kind) {
      case 'accepted':
        expect(outcome.refused).toBeUndefined()
        if (outcome.again === undefined) return troubles
        pending = outcome.again.map((index) => pending[index] as CdrRecord)
        break
      case 'retry':
        break
      case 'rejected':
      case 'failed':
        throw new Error(JSON.stringify(outcome))
    }
    troubles += 1
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
  'a server that is killed in the middle of a batch has each record once in the end, in its last revision',
  async () => {
    const sink = await testSink({ nodes: [server.url], replicas: 0, bulkBytes: '100KB' })
    expect(await sink.open(call)).toEqual({ kind: 'opened' })
    await deliver(sink, records(0, 100))
    const delivering = deliver(sink, [...records(0, 100, 2), ...records(100, 20_000)])
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
    await sink.close(call)
  },
  serverStartMs,
)

test('a server that hangs is left within a second of the call being aborted, and written to when it goes on', async () => {
  const sink = await testSink({ nodes: [server.url], replicas: 0 })
  expect(await sink.open(call)).toEqual({ kind: 'opened' })
  server.suspend()
  const abort = new AbortController()
  const writing = sink.write(testBatch(records(50_000, 1_000)), { signal: abort.signal })
  await wait(retryMs)
  abort.abort()
  const begin = performance.now()
  expect(await writing).toMatchObject({ kind: 'retry' })
  await sink.close(call)
  expect(performance.now() - begin).toBeLessThan(1_000)
  server.resume()
  expect(await sink.open(call)).toEqual({ kind: 'opened' })
  await deliver(sink, records(50_000, 1_000))
  expect(
    (await reader(server.url).documents('cdr')).filter(({ _source }) => Number(_source.duration) >= 50_000)
      .length,
  ).toBe(1_000)
  await sink.close(call)
})
