import type { DatabaseSync } from 'node:sqlite'
import { wholeMs } from '@cdrstream/core'
import type { Position } from '@cdrstream/plugin'
import { encodeBlocks } from '../blocks/encode-block.ts'
import { inTransaction } from '../database/transaction.ts'
import type { BlockTable } from '../tables/block-table.ts'
import type { LeftOutTable } from '../tables/left-out-table.ts'
import type { OrgTable } from '../tables/org-table.ts'
import type { PauseTable } from '../tables/pause-table.ts'
import type { DeletedItem, QuarantineTable } from '../tables/quarantine-table.ts'
import { requestTable } from '../tables/request-table.ts'
import { packRevisions, type RevisionTable } from '../tables/revision-table.ts'
import type { SinkGapTable } from '../tables/sink-gap-table.ts'
import type { SinkTable } from '../tables/sink-table.ts'
import type { WitnessTable } from '../tables/witness-table.ts'
import type { AppendedSpan, JournalOperations, RequestNote, Requeued } from './operations.ts'
import { type QuarantineFilter, quarantineQuery } from './quarantine-query.ts'

export interface OperatedTables {
  readonly database: DatabaseSync
  readonly orgs: OrgTable
  readonly blocks: BlockTable
  readonly revisions: RevisionTable
  readonly sinks: SinkTable
  readonly sinkGaps: SinkGapTable
  readonly witnesses: WitnessTable
  readonly quarantine: QuarantineTable
  readonly pauses: PauseTable
  readonly leftOut: LeftOutTable
}

export interface OperationMeans {
  /** Throws unless this process is the collector. */
  assertCollector(): void
  readonly randomId: () => string
  readonly nowMs: () => number
}

const itemsAtOnce = 500

/** Implements the operators' commands on a journal's tables. */
export function journalOperations(tables: OperatedTables, means: OperationMeans): JournalOperations {
  const { database, orgs, blocks, revisions, sinks, sinkGaps, witnesses, quarantine, pauses, leftOut } =
    tables
  const { assertCollector, randomId, nowMs } = means
  const requests = requestTable(database)
  const query = quarantineQuery(database)

  function note({ id, progress }: RequestNote, step?: AppendedSpan | number): void {
    requests.change(id, { state: 'running', progress: progress(step) })
  }

  /**
   * Records deleted items as gaps: of the sink that refused them, or of all sinks if they never were records.
   */
  function recordDropped({ sink, offset, acceptedAtMs }: DeletedItem): void {
    if (sink === null || offset === null) return
    const place = (at: number): Position => ({ incarnation: blocks.incarnation, offset: at, commit: '' })
    const accepted = { acceptedFromMs: acceptedAtMs, acceptedToMs: acceptedAtMs }
    sinkGaps.add({ sink, from: place(offset - 1), to: place(offset), ...accepted, atMs: nowMs() })
  }

  function dropSome(filter: QuarantineFilter, throughId: number, afterId: number) {
    const items = query.items(filter, { order: 'oldest-first', limit: itemsAtOnce, afterId, throughId })
    const deleted = quarantine.drop(items.filter(({ isPassed }) => isPassed).map(({ id }) => id))
    for (const item of deleted) recordDropped(item)
    return { deleted: deleted.length, lastId: items.at(-1)?.id }
  }

  return {
    async addRequest(kind, given) {
      return inTransaction(database, () => requests.add(kind, given, nowMs()))
    },
    async request(id) {
      return requests.find(id)
    },
    async openRequests() {
      return requests.open()
    },
    async changeRequest(id, change) {
      inTransaction(database, () => requests.change(id, change))
    },

    async pauseSink(name) {
      inTransaction(database, () => pauses.add(name, nowMs()))
    },
    async resumeSink(name) {
      inTransaction(database, () => pauses.remove(name))
    },
    async forgetSink(name) {
      assertCollector()
      return inTransaction(database, () => {
        const standing = sinks.find(name)
        const quarantined = query.count({ sink: name })
        if (standing === undefined && quarantined === 0 && !pauses.has(name)) return undefined
        sinks.remove(name)
        for (const table of [witnesses, sinkGaps, quarantine, leftOut]) table.forgetSink(name)
        pauses.remove(name)
        return { position: standing?.acknowledged.offset ?? null, quarantined }
      })
    },

    async quarantined(filter, range) {
      return query.items(filter, range)
    },
    async countQuarantined(filter, throughId) {
      return query.count(filter, throughId)
    },
    async newestQuarantined() {
      return query.newestId()
    },
    async quarantinedText(id) {
      return query.text(id)
    },
    async refusedWithin(sink, fromOffset, toOffset) {
      return query.refusedWithin(sink, fromOffset, toOffset)
    },

    async requeue({ org, sink, items }: Requeued, request) {
      assertCollector()
      const records = items.map(({ record }) => record)
      const encoded = await encodeBlocks(records)
      const missingFromMs = Math.min(...items.map((item) => item.missingFromMs))
      const { span, remembered } = inTransaction(database, () => {
        const orgId = orgs.idOf(org)
        const removed = quarantine.remove(items.map(({ id }) => id))
        if (removed.length !== items.length) throw new Error('an item is no longer in quarantine')
        const fromOffset = blocks.end().offset + 1
        blocks.append({ id: orgId, name: org }, randomId(), encoded, { sink, missingFromMs })
        const span = { fromOffset, toOffset: blocks.end().offset }
        leftOut.forgetThrough(blocks.start().offset)
        if (sink !== null)
          leftOut.add(
            sink,
            removed.flatMap(({ offset }) => offset ?? []),
          )
        const newestMs = Math.max(...records.map(({ acceptedAtMs }) => acceptedAtMs))
        const remembered =
          sink === null ? revisions.remember(packRevisions(orgId, records), wholeMs(newestMs)) : undefined
        note(request, span)
        return { span, remembered }
      })
      if (remembered !== undefined) revisions.adopt(remembered)
      return span
    },
    async reviewQuarantined({ reasons, known }, request) {
      assertCollector()
      inTransaction(database, () => {
        for (const { id, reason } of reasons) quarantine.setReason(id, reason)
        quarantine.remove(known)
        note(request)
      })
    },
    async dropQuarantined(filter, throughId, request) {
      assertCollector()
      for (let afterId: number | undefined = 0; afterId !== undefined; ) {
        const from: number = afterId
        afterId = inTransaction(database, () => {
          const { deleted, lastId } = dropSome(filter, throughId, from)
          note(request, deleted)
          return lastId
        })
      }
    },
  }
}
