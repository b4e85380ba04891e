import type {
  Batch,
  Call,
  Failed,
  Finding,
  Mark,
  OpenOutcome,
  Refusal,
  Retry,
  Sink,
  SinkContext,
  SinkPlugin,
  WriteOutcome,
} from '@cdrstream/plugin'
import { BodyWriter } from './bulk/body-writer.ts'
import { type BulkBody, buildBulkRequests, type PlacedRecord } from './bulk/build-bulk-request.ts'
import { bulkFilterPath, readBulkResponse } from './bulk/read-bulk-response.ts'
import { type BulkResult, sendBulkRequests } from './bulk/send-bulk-requests.ts'
import { sliceRecords } from './bulk/slice-records.ts'
import { checkServer } from './check-server.ts'
import { classifyError } from './classify-error.ts'
import { type ElasticsearchSinkOptions, elasticsearchSinkOptions } from './elasticsearch-sink-options.ts'
import { meetJournal } from './homes/meet-journal.ts'
import { placeRecords } from './homes/place-records.ts'
import { deleteExpiredIndices } from './indices/delete-expired-indices.ts'
import { type IndexNames, indexNames } from './indices/index-names.ts'
import { indexTemplate } from './indices/index-template.ts'
import { listMonthlyIndices, prepareMonthlyIndices } from './indices/monthly-indices.ts'
import { putTemplate } from './indices/put-template.ts'
import { writeCoverage } from './marks/write-coverage.ts'
import { connect } from './server/connect.ts'
import { missingPrivileges, missingPrivilegesFault } from './server/missing-privileges.ts'
import { indexPrivilege, requiredPrivileges } from './server/privileges.ts'
import type { Server } from './server/server.ts'
import { SinkFault } from './sink-fault.ts'

const batch = { records: 10_000, bytes: 32_000_000 }
const dayMs = 86_400_000

/** Writes each record once into monthly indices of Elasticsearch: see README.md. */
export const elasticsearchSink: SinkPlugin<ElasticsearchSinkOptions> = {
  cdrstream: 1,
  name: 'elasticsearch',
  options: elasticsearchSinkOptions,
  traits: { idempotence: 'key', revisions: 'latest', batch },
  create: (options, context) => new ElasticsearchSink(options, context),
}

/** What the sink knows between one `open` and the next. */
interface Session {
  readonly server: Server
  /** The monthly indices that have been found in order. */
  readonly prepared: Set<string>
  /** Since when each journal knows its keys, in milliseconds, by incarnation. */
  readonly journals: Map<string, number>
  /** The most bytes of a bulk request: less than the option if the server found one too large. */
  bodyBytes: number
  /** A session has one write at a time. */
  readonly writer: BodyWriter
  /** The day of the last look for expired indices, in days since 1970. */
  lookedForExpiredDay: number
}

/** All that matters is in Elasticsearch; a session only saves asking for it again. */
class ElasticsearchSink implements Sink {
  readonly #options: ElasticsearchSinkOptions
  readonly #context: SinkContext
  readonly #names: IndexNames
  #session: Session | undefined

  constructor(options: ElasticsearchSinkOptions, context: SinkContext) {
    this.#options = options
    this.#context = context
    this.#names = indexNames(options.indexPrefix)
  }

  open({ signal }: Call): Promise<OpenOutcome> {
    return guarded(async () => {
      await this.close()
      const server = await connect(this.#options, this.#context.baseDirectory)
      const session: Session = {
        server,
        prepared: new Set(),
        journals: new Map(),
        bodyBytes: this.#options.bulkBytes,
        writer: new BodyWriter(),
        lookedForExpiredDay: Number.NaN,
      }
      this.#session = session
      const missing = await missingPrivileges(server, requiredPrivileges(this.#names, this.#options), signal)
      if (missing.length > 0) throw missingPrivilegesFault(missing)
      if (this.#options.manageTemplate) {
        await putTemplate(server, indexTemplate(this.#options), this.#context.log, signal)
      }
      await this.#deleteExpired(session, signal)
      return { kind: 'opened' }
    })
  }

  write(batch: Batch, { signal }: Call): Promise<WriteOutcome> {
    return guarded(async () => {
      const session = this.#opened()
      await this.#deleteExpired(session, signal)
      const unsendable: Refusal[] = []
      const result = await sendBulkRequests(
        this.#requests(session, batch, { refuse: (refusal) => unsendable.push(refusal), signal }),
        { concurrency: this.#options.concurrency, send: (body) => this.#send(session, body, signal) },
      )
      if (result.tooLargeBytes !== undefined) {
        session.bodyBytes = Math.max(1, result.tooLargeBytes >> 1)
        this.#context.log.warn('the server takes no bulk requests of this size', {
          bodyBytes: result.tooLargeBytes,
        })
      }
      return this.#outcome(session, batch, { ...result, refused: [...unsendable, ...result.refused] })
    })
  }

  async mark(marks: readonly Mark[], { signal }: Call): Promise<void> {
    await writeCoverage(this.#opened().server, this.#names, marks, signal)
  }

  check({ signal }: Call): Promise<readonly Finding[]> {
    return checkServer(this.#options, this.#context.baseDirectory, signal)
  }

  async close(): Promise<void> {
    const session = this.#session
    this.#session = undefined
    await session?.server.close()
  }

  #opened(): Session {
    if (this.#session !== undefined) return this.#session
    throw new SinkFault('not-open', 'report this as a fault of cdrstream: a sink has to be opened first')
  }

  /** The sink has no timers: it looks when it is opened, and with the first batch of a day. */
  async #deleteExpired(session: Session, signal: AbortSignal): Promise<void> {
    const { retentionMs } = this.#options
    const nowMs = Date.now()
    const day = Math.floor(nowMs / dayMs)
    if (retentionMs === undefined || session.lookedForExpiredDay === day) return
    await deleteExpiredIndices(session.server, this.#names, {
      retentionMs,
      nowMs,
      log: this.#context.log,
      signal,
    })
    session.prepared.clear()
    session.lookedForExpiredDay = day
  }

  async #journalKnowsSinceMs(session: Session, incarnation: string, signal: AbortSignal): Promise<number> {
    const known = session.journals.get(incarnation)
    if (known !== undefined) return known
    const present = await listMonthlyIndices(session.server, this.#names, signal)
    const sinceMs = await meetJournal(session.server, this.#names, {
      incarnation,
      hasIndices: present.size > 0,
      nowMs: Date.now(),
      signal,
    })
    session.journals.set(incarnation, sinceMs)
    return sinceMs
  }

  /** Each is made when there is room for it: the next one while the others are under way. */
  async *#requests(
    session: Session,
    { records, to }: Batch,
    { refuse, signal }: { readonly refuse: (refusal: Refusal) => void; readonly signal: AbortSignal },
  ): AsyncGenerator<BulkBody> {
    const { server, bodyBytes, writer } = session
    const journalKnowsSinceMs = await this.#journalKnowsSinceMs(session, to.incarnation, signal)
    for (const slice of sliceRecords(records, { bodyBytes, concurrency: this.#options.concurrency })) {
      const { placed, refused } = await placeRecords(slice, {
        server,
        names: this.#names,
        journalKnowsSinceMs,
        signal,
      })
      refused.forEach(refuse)
      await this.#prepare(session, placed, signal)
      yield* buildBulkRequests(placed, bodyBytes, writer, refuse)
    }
  }

  async #prepare(session: Session, placed: readonly PlacedRecord[], signal: AbortSignal): Promise<void> {
    const wanted = new Set(
      placed.map(({ indexName }) => indexName).filter((name) => !session.prepared.has(name)),
    )
    if (wanted.size === 0) return
    await prepareMonthlyIndices(session.server, this.#names, { wanted, log: this.#context.log, signal })
    for (const name of wanted) session.prepared.add(name)
  }

  async #send(
    { server }: Session,
    { bytes, indexes }: { readonly bytes: Buffer; readonly indexes: readonly number[] },
    signal: AbortSignal,
  ) {
    const { monthlyPattern } = this.#names
    const { body } = await server.ask({
      method: 'POST',
      path: '/_bulk',
      query: { filter_path: bulkFilterPath },
      body: bytes,
      needs: indexPrivilege('index', monthlyPattern),
      signal,
    })
    return readBulkResponse(body, indexes.length, monthlyPattern)
  }

  #outcome(
    session: Session,
    { records, from }: Batch,
    { settled, refused, trouble }: BulkResult,
  ): WriteOutcome {
    const refusedIndexes = new Set(refused.map(({ index }) => index))
    const again = [...records.keys()].filter((index) => !settled.has(index) && !refusedIndexes.has(index))
    // An index may be gone: the next write looks.
    if (again.length > 0) session.prepared.clear()
    if (again.length === records.length)
      return trouble === undefined ? { kind: 'retry' } : classifyError(trouble)
    return {
      kind: 'accepted',
      ...(refused.length > 0 ? { refused } : {}),
      // Where in the journal a record of the batch is, the sink cannot know.
      ...(again.length > 0 ? { again, through: from } : {}),
    }
  }
}

async function guarded<Outcome>(work: () => Promise<Outcome>): Promise<Outcome | Retry | Failed> {
  try {
    return await work()
  } catch (error) {
    return classifyError(error)
  }
}
