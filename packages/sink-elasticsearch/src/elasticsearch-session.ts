import type {
  Batch,
  Call,
  Logger,
  Mark,
  OpenCall,
  Presence,
  RecordReference,
  Refusal,
  SinkSession,
  WriteOutcome,
} from '@cdrstream/plugin'
import { BodyWriter } from './bulk/body-writer.ts'
import { type BulkBody, buildBulkRequests } from './bulk/build-bulk-request.ts'
import { bulkAnswer, bulkFilterPath, readBulkResponse } from './bulk/read-bulk-response.ts'
import { type BulkResult, sendBulkRequests } from './bulk/send-bulk-requests.ts'
import { sliceRecords } from './bulk/slice-records.ts'
import { classifyError, guarded } from './classify-error.ts'
import type { ElasticsearchSinkOptions } from './elasticsearch-sink-options.ts'
import { findPresence } from './homes/find-presence.ts'
import { KnownJournal } from './homes/known-journal.ts'
import { placeRecords } from './homes/place-records.ts'
import { deleteExpiredIndices } from './indices/delete-expired-indices.ts'
import { type IndexNames, indexNames } from './indices/index-names.ts'
import { PreparedIndices } from './indices/prepared-indices.ts'
import { writeCoverage } from './marks/write-coverage.ts'
import { indexPrivilege } from './server/privileges.ts'
import type { Server } from './server/server.ts'

const dayMs = 86_400_000

/** A session of the sink. All durable state is in Elasticsearch; the session only caches it. */
export class ElasticsearchSession implements SinkSession {
  readonly #server: Server
  readonly #options: ElasticsearchSinkOptions
  readonly #log: Logger
  readonly #names: IndexNames
  readonly #prepared: PreparedIndices
  /** The journals that have been written here, by incarnation. */
  readonly #journals = new Map<string, KnownJournal>()
  /** Shared by all writes, because a session has only one at a time. */
  readonly #writer = new BodyWriter()
  /**
   * The maximum size of a bulk request. Lower than the option after the server has rejected a request as too
   * large.
   */
  #bodyBytes: number
  /** The last day on which the sink deleted expired indices, in days since 1970. */
  #lookedForExpiredDay = Number.NaN

  constructor(server: Server, options: ElasticsearchSinkOptions, log: Logger) {
    this.#server = server
    this.#options = options
    this.#log = log
    this.#names = indexNames(options.indexPrefix)
    this.#prepared = new PreparedIndices(server, options, log)
    this.#bodyBytes = options.bulkBytes
  }

  write(batch: Batch, { signal }: Call): Promise<WriteOutcome> {
    return guarded(async () => {
      await this.deleteExpired(signal)
      if (await this.#prepared.haveChanged(signal)) return indexGone()
      const unsendable: Refusal[] = []
      const result = await sendBulkRequests(
        this.#requests(batch, (refusal) => unsendable.push(refusal), signal),
        { concurrency: this.#options.concurrency, send: (body) => this.#send(body, signal) },
      )
      if (result.tooLargeBytes !== undefined) {
        this.#bodyBytes = Math.max(1, result.tooLargeBytes >> 1)
        this.#log.warn('server refused a bulk request as too large; sending smaller ones', {
          bodyBytes: result.tooLargeBytes,
        })
      }
      return outcomeOf(batch, { ...result, refused: [...unsendable, ...result.refused] })
    })
  }

  mark(marks: readonly Mark[], { signal }: Call): Promise<void> {
    return writeCoverage(this.#server, this.#names, marks, signal)
  }

  holds(records: readonly RecordReference[], { signal }: Call): Promise<readonly Presence[]> {
    const { retentionMs } = this.#options
    return findPresence(this.#server, this.#names, records, { retentionMs, nowMs: Date.now(), signal })
  }

  close(): Promise<void> {
    return this.#server.close()
  }

  /**
   * Deletes expired indices when the session opens and with the first batch of each day; the sink has no
   * timers.
   */
  async deleteExpired(signal: AbortSignal): Promise<void> {
    const { retentionMs } = this.#options
    const nowMs = Date.now()
    const day = Math.floor(nowMs / dayMs)
    if (retentionMs === undefined || this.#lookedForExpiredDay === day) return
    const log = this.#log
    const deleted = await deleteExpiredIndices(this.#server, this.#names, { retentionMs, nowMs, log, signal })
    this.#prepared.forget(deleted)
    this.#lookedForExpiredDay = day
  }

  /** Checks, before anything is written, whether the journal was restored from an older copy. */
  async recognizeJournal({ acknowledged, ...call }: OpenCall): Promise<void> {
    if (acknowledged === null) return
    const journal = await KnownJournal.recognize(this.#server, this.#names, { ...call, acknowledged })
    if (journal !== undefined) this.#journals.set(acknowledged.incarnation, journal)
  }

  async #journal(incarnation: string, signal: AbortSignal): Promise<KnownJournal> {
    const journal =
      this.#journals.get(incarnation) ??
      (await KnownJournal.register(this.#server, this.#names, incarnation, signal))
    this.#journals.set(incarnation, journal)
    return journal
  }

  /** Yields the requests. Each is built while earlier ones are in progress. */
  async *#requests(
    { records, to }: Batch,
    refuse: (refusal: Refusal) => void,
    signal: AbortSignal,
  ): AsyncGenerator<BulkBody> {
    const bodyBytes = this.#bodyBytes
    const journal = await this.#journal(to.incarnation, signal)
    const { knowsSinceMs: journalKnowsSinceMs } = journal
    // Runs while the first request is built. A failure matters only before that request is sent.
    const advanced = journal.advanceTo(to, signal)
    advanced.catch(() => {})
    const placement = { server: this.#server, names: this.#names, journalKnowsSinceMs, signal }
    for (const slice of sliceRecords(records, { bodyBytes, concurrency: this.#options.concurrency })) {
      const { placed, refused } = await placeRecords(slice, placement)
      refused.forEach(refuse)
      await this.#prepared.prepare(new Set(placed.map(({ indexName }) => indexName)), signal)
      for (const body of buildBulkRequests(placed, bodyBytes, this.#writer, refuse)) {
        await advanced
        yield body
      }
    }
  }

  async #send({ bytes, indexes }: BulkBody, signal: AbortSignal) {
    const { monthlyPattern } = this.#names
    const answer = await this.#server.ask({
      method: 'POST',
      path: '/_bulk',
      // How long Elasticsearch waits for a shard without a node. The default is as long as the entire call
      // may take.
      query: { filter_path: bulkFilterPath, timeout: '30s' },
      body: bytes,
      answer: bulkAnswer,
      needs: indexPrivilege('index', monthlyPattern),
      signal,
    })
    return readBulkResponse(answer, indexes.length, monthlyPattern)
  }
}

function outcomeOf(
  { records, from }: Batch,
  { settled, refused, problem, isIndexGone }: BulkResult,
): WriteOutcome {
  if (isIndexGone) return indexGone()
  const refusedIndexes = new Set(refused.map(({ index }) => index))
  const again = [...records.keys()].filter((index) => !settled.has(index) && !refusedIndexes.has(index))
  if (again.length === records.length)
    return problem === undefined ? { kind: 'retry' } : classifyError(problem)
  return {
    kind: 'accepted',
    ...(refused.length > 0 ? { refused } : {}),
    // The sink has no record of each record's position in the journal.
    ...(again.length > 0 ? { again, through: from } : {}),
  }
}

/**
 * The engine then opens a session, checks which records the sink still has, and delivers the lost ones again.
 */
function indexGone(): WriteOutcome {
  return { kind: 'retry', reopen: true, cause: new Error('a monthly index was deleted or replaced') }
}
