import type {
  Batch,
  Call,
  Logger,
  Mark,
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
import { meetJournal } from './homes/meet-journal.ts'
import { placeRecords } from './homes/place-records.ts'
import { deleteExpiredIndices } from './indices/delete-expired-indices.ts'
import { type IndexNames, indexNames } from './indices/index-names.ts'
import { PreparedIndices } from './indices/prepared-indices.ts'
import { listMonthlyIndices } from './indices/present-indices.ts'
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
  /** Since when each journal knows its keys, in milliseconds, by incarnation. */
  readonly #journals = new Map<string, number>()
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

  async #journalKnowsSinceMs(incarnation: string, signal: AbortSignal): Promise<number> {
    const known = this.#journals.get(incarnation)
    if (known !== undefined) return known
    const present = await listMonthlyIndices(this.#server, this.#names, signal)
    const sinceMs = await meetJournal(this.#server, this.#names, {
      incarnation,
      hasIndices: present.size > 0,
      nowMs: Date.now(),
      signal,
    })
    this.#journals.set(incarnation, sinceMs)
    return sinceMs
  }

  /** Each request is built when there is room for it: the next one while the others are under way. */
  async *#requests(
    { records, to }: Batch,
    refuse: (refusal: Refusal) => void,
    signal: AbortSignal,
  ): AsyncGenerator<BulkBody> {
    const bodyBytes = this.#bodyBytes
    const placement = {
      server: this.#server,
      names: this.#names,
      journalKnowsSinceMs: await this.#journalKnowsSinceMs(to.incarnation, signal),
      signal,
    }
    for (const slice of sliceRecords(records, { bodyBytes, concurrency: this.#options.concurrency })) {
      const { placed, refused } = await placeRecords(slice, placement)
      refused.forEach(refuse)
      await this.#prepared.prepare(new Set(placed.map(({ indexName }) => indexName)), signal)
      yield* buildBulkRequests(placed, bodyBytes, this.#writer, refuse)
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
