import type { Batch } from '@cdrstream/plugin'
import { elasticsearchSink } from '@cdrstream/sink-elasticsearch'
import { Agent, request } from 'undici'
import { BodyWriter } from '../../../packages/sink-elasticsearch/src/bulk/body-writer.ts'
import { buildBulkRequests } from '../../../packages/sink-elasticsearch/src/bulk/build-bulk-request.ts'
import { sliceRecords } from '../../../packages/sink-elasticsearch/src/bulk/slice-records.ts'
import { documentId } from '../../../packages/sink-elasticsearch/src/document/document-id.ts'
import { FreshBatches } from './fresh-batches.ts'
import { measure, type Ratio } from './measure.ts'
import { openSink } from './open-sink.ts'
import type { Page } from './page.ts'

const rounds = 40
/** The server's just-in-time compiler needs many rounds to warm up. */
const warmUp = 20
/** The sink's default. */
const bodyBytes = 5_000_000

/**
 * Compares the Elasticsearch sink with a loop that only sends the same prebuilt requests, at the same
 * concurrency and into an identical index.
 */
export async function benchElasticsearch(pages: readonly Page[], url: string): Promise<readonly Ratio[]> {
  const ratios: Ratio[] = []
  for (const concurrency of [2, 4]) ratios.push(await against(pages, url, concurrency))
  return ratios
}

async function against(pages: readonly Page[], url: string, concurrency: number): Promise<Ratio> {
  const prefix = `bench${concurrency}`
  const sink = await openSink(
    elasticsearchSink,
    { nodes: [url], indexPrefix: prefix, replicas: 0, concurrency },
    prefix,
  )
  const bare = `bare${concurrency}`
  // Opens the sink so that its template and index exist and the loop writes into an index with the same
  // settings.
  const other = await openSink(elasticsearchSink, { nodes: [url], indexPrefix: bare, replicas: 0 }, bare)
  const batches = new FreshBatches(pages)
  await other.write(batches.next())
  const agent = new Agent({ connections: concurrency })
  let batch: Batch = batches.next()
  let bodies: readonly Buffer[] = []
  const result = await measure(rounds, {
    warmUp,
    before: () => {
      batch = batches.next()
      bodies = bodiesOf(batch, bare, concurrency)
    },
    baseline: () => sendAll(agent, `${url}/_bulk`, bodies, concurrency),
    measured: () => sink.write(batch),
  })
  await agent.close()
  await sink.close()
  await other.close()
  return {
    what: `bare \`_bulk\` loop of prebuilt bodies ÷ Elasticsearch sink, ${concurrency} requests at once`,
    goal: { kind: 'times-faster', floor: 0.8, aim: 0.95 },
    ...result,
  }
}

/** Returns the same requests that the sink makes for the batch, with a different index name. */
function bodiesOf({ records }: Batch, prefix: string, concurrency: number): readonly Buffer[] {
  const refuse = () => {
    throw new Error('the sink refused a benchmark record')
  }
  const writer = new BodyWriter()
  return Array.from(sliceRecords(records, { bodyBytes, concurrency })).flatMap((slice) => {
    const placed = slice.records.map((record, index) => {
      const { org, key, home } = record
      const indexName = `${prefix}-${home.slice(0, 7).replace('-', '.')}`
      return { record, index: slice.begin + index, id: documentId(org, key), indexName, home }
    })
    return Array.from(buildBulkRequests(placed, bodyBytes, writer, refuse), ({ bytes }) => bytes)
  })
}

async function sendAll(
  agent: Agent,
  address: string,
  bodies: readonly Buffer[],
  concurrency: number,
): Promise<void> {
  const waiting = [...bodies]
  const send = async (): Promise<void> => {
    for (let body = waiting.pop(); body !== undefined; body = waiting.pop()) {
      const headers = { 'content-type': 'application/x-ndjson' }
      const answer = await request(`${address}?filter_path=items.index.error.type`, {
        method: 'POST',
        dispatcher: agent,
        headers,
        body,
      })
      const { items = [] } = (await answer.body.json()) as BulkErrors
      if (items.some(({ index }) => index.error.type !== conflict))
        throw new Error('Elasticsearch refused a benchmark record')
    }
  }
  await Promise.all(Array.from({ length: concurrency }, send))
}

/** The response contains only items that were not written. */
interface BulkErrors {
  readonly items?: readonly { readonly index: { readonly error: { readonly type: string } } }[]
}

/** Occurs if a batch has two revisions of a key and the newer revision was written first. */
const conflict = 'version_conflict_engine_exception'
