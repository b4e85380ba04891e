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

/**
 * An open sink. Everything that must survive is in Elasticsearch; a session only saves asking for it again.
 */
export class ElasticsearchSession implements SinkSession {
  readonly #server: Server
  readonly #options: ElasticsearchSinkOptions
  readonly #log: Logger
  readonly #names: IndexNames
  readonly #prepared: PreparedIndices
  /** By incarnation. */
  readonly #journals = new Map<string, KnownJournal>()
  /** One for all writes: a session has one write at a time. */
  readonly #writer = new BodyWriter()
  /** The most bytes of a bulk request: less than the option once the server found one too large. */
  #bodyBytes: number
  /** The last day on which the sink looked for expired indices, in days since 1970. */
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

  /** Finds out, before anything is written, whether the journal was restored from an older copy of itself. */
  async recognizeJournal({ acknowledged, ...call }: OpenCall): Promise<void> {
    if (acknowledged === null) return
    const journal = await KnownJournal.recognize(this.#server, this.#names, { ...call, acknowledged })
    if (journal !== undefined) this.#journals.set(acknowledged.incarnation, journal)
  }

  async #journal(incarnation: string, signal: AbortSignal): Promise<KnownJournal> {
    const journal =
      this.#journals.get(incarnation) ??
      (await KnownJournal.meet(this.#server, this.#names, incarnation, signal))
    this.#journals.set(incarnation, journal)
    return journal
  }

  /** Each request is built when there is room for it: the next one while the others are under way. */
  async *#requests(
    { records, to }: Batch,
    refuse: (refusal: Refusal) => void,
    signal: AbortSignal,
  ): AsyncGenerator<BulkBody> {
    const bodyBytes = this.#bodyBytes
    const journal = await this.#journal(to.incarnation, signal)
    const { knowsSinceMs: journalKnowsSinceMs } = journal
    // Under way while the first request is built; whether it failed matters only before that one is sent.
    const reached = journal.reach(to, signal)
    reached.catch(() => {})
    const placement = { server: this.#server, names: this.#names, journalKnowsSinceMs, signal }
    for (const slice of sliceRecords(records, { bodyBytes, concurrency: this.#options.concurrency })) {
      const { placed, refused } = await placeRecords(slice, placement)
      refused.forEach(refuse)
      await this.#prepared.prepare(new Set(placed.map(({ indexName }) => indexName)), signal)
      for (const body of buildBulkRequests(placed, bodyBytes, this.#writer, refuse)) {
        await reached
        yield body
      }
    }
  }

  async #send({ bytes, indexes }: BulkBody, signal: AbortSignal) {
    const { monthlyPattern } = this.#names
    const answer = await this.#server.ask({
      method: 'POST',
      path: '/_bulk',
      // While a shard has no node, Elasticsearch waits this long. By default it takes as long as the whole
      // call.
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
  { settled, refused, trouble, isIndexGone }: BulkResult,
): WriteOutcome {
  if (isIndexGone) return indexGone()
  const refusedIndexes = new Set(refused.map(({ index }) => index))
  const again = [...records.keys()].filter((index) => !settled.has(index) && !refusedIndexes.has(index))
  if (again.length === records.length)
    return trouble === undefined ? { kind: 'retry' } : classifyError(trouble)
  return {
    kind: 'accepted',
    ...(refused.length > 0 ? { refused } : {}),
    // The sink cannot know where in the journal a record of the batch is.
    ...(again.length > 0 ? { again, through: from } : {}),
  }
}

/**
 * The engine asks the next session which records it still holds, and delivers again what went with the index.
 */
function indexGone(): WriteOutcome {
  return { kind: 'retry', reopen: true, cause: new Error('a monthly index was deleted or replaced') }
}
