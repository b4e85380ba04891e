import type { DatabaseSync } from 'node:sqlite'
import { setImmediate } from 'node:timers/promises'
import type { WholeMs } from '@cdrstream/core'
import type { Pruned } from '@cdrstream/engine'
import type { Position } from '@cdrstream/plugin'
import { pageCounts } from '../database/room.ts'
import { inTransaction } from '../database/transaction.ts'
import type { BlockRow, BlockTable } from '../tables/block-table.ts'
import type { DeletedItem, QuarantineTable } from '../tables/quarantine-table.ts'
import type { SinkGapTable } from '../tables/sink-gap-table.ts'
import type { SinkTable } from '../tables/sink-table.ts'
import { giveBackPages } from './give-back-pages.ts'

export interface PruneTables {
  readonly database: DatabaseSync
  readonly blocks: BlockTable
  readonly sinks: SinkTable
  readonly sinkGaps: SinkGapTable
  readonly quarantine: QuarantineTable
}

export interface PruneTerms {
  readonly keepMs: number
  readonly maxBytes: number
  readonly minFreeDiskBytes: number
}

interface Lost {
  readonly sink: string
  readonly from: Position
  readonly to: Position
}

// Limits the size of one transaction, so that a commit waits no longer for it than for a page.
const stepBlocks = 64
const stepItems = 500

/**
 * Deletes records that are older than `keepMs` and acknowledged by all these sinks, then records that exceed
 * `maxBytes`. Uses many small transactions, so that other work can run between them. If one fails, the
 * earlier ones stay committed.
 */
export async function pruneJournal(
  tables: PruneTables,
  terms: PruneTerms,
  nowMs: WholeMs,
  sinks: readonly string[],
): Promise<Pruned> {
  const { database, quarantine } = tables
  const expiredMs = nowMs - terms.keepMs
  const lost = new Map<string, Lost>()
  let records = 0
  const removed = (count: number): boolean => {
    records += count
    return count > 0
  }
  await untilDone(() => removed(inTransaction(database, () => pruneAcknowledged(tables, expiredMs, sinks))))
  await untilDone(() => {
    const step = inTransaction(database, () => pruneExcess(tables, terms.maxBytes, nowMs, sinks))
    for (const gap of step.lost) lost.set(gap.sink, { ...gap, from: lost.get(gap.sink)?.from ?? gap.from })
    return removed(step.records)
  })
  await untilDone(
    () =>
      inTransaction(database, () =>
        noteDeleted(tables, quarantine.deleteBefore(expiredMs, stepItems), nowMs),
      ) === stepItems,
  )
  await untilDone(
    () =>
      inTransaction(database, () => noteDeleted(tables, quarantine.deleteExcess(stepItems), nowMs)) ===
      stepItems,
  )
  await untilDone(() => giveBackPages(database, terms.minFreeDiskBytes))
  return { records, sinkGaps: [...lost.values()] }
}

async function untilDone(step: () => boolean): Promise<void> {
  while (step()) await setImmediate()
}

/** Returns how many records were deleted. */
function pruneAcknowledged(
  { blocks, sinks: table }: PruneTables,
  expiredMs: number,
  sinks: readonly string[],
): number {
  // A sink that is not registered yet needs all records.
  const acknowledged = Math.min(...sinks.map((sink) => table.find(sink)?.acknowledged.offset ?? 0))
  const rows = blocks.oldest(stepBlocks)
  const firstKept = rows.findIndex((row) => row.lastOffset > acknowledged || row.acceptedAtMs >= expiredMs)
  return deleteBlocks(blocks, firstKept === -1 ? rows : rows.slice(0, firstKept))
}

/** Returns how many records were deleted, and which sinks had not acknowledged them. */
function pruneExcess(
  { database, blocks, sinks: table, sinkGaps, quarantine }: PruneTables,
  maxBytes: number,
  nowMs: WholeMs,
  sinks: readonly string[],
): { readonly records: number; readonly lost: readonly Lost[] } {
  const { pageBytes, pages, freePages } = pageCounts(database)
  // Records are not deleted to make room for quarantine.
  const excessBytes = (pages - freePages) * pageBytes - quarantine.bytes() - maxBytes
  // Records can always use a quarter of the limit, regardless of how much the keys need. Otherwise a limit
  // that is too small would keep no records.
  if (excessBytes <= 0 || blocks.payloadBytes() <= maxBytes / 4) return { records: 0, lost: [] }
  const rows = takeBytes(blocks.oldest(stepBlocks), excessBytes)
  const last = rows.at(-1)
  if (last === undefined) return { records: 0, lost: [] }

  const start = blocks.start()
  const to = blocks.positionOf(last.lastOffset)
  const lost = sinks.flatMap((sink) => {
    const { acknowledged: position = start, replayTo } = table.find(sink) ?? {}
    // Records that are only being redelivered are not lost.
    if (Math.max(position.offset, replayTo ?? 0) >= to.offset) return []
    return [{ sink, from: position.offset > start.offset ? position : start, to }]
  })
  for (const gap of lost) {
    const first = rows.find(({ lastOffset }) => lastOffset > gap.from.offset) ?? last
    const accepted = { acceptedFromMs: first.acceptedAtMs, acceptedToMs: last.acceptedAtMs }
    sinkGaps.add({ ...gap, ...accepted, atMs: nowMs })
  }
  return { records: deleteBlocks(blocks, rows), lost }
}

/**
 * Returns how many items were deleted. If a record is gone completely, the sink that refused it can never
 * receive it, so the record becomes a gap.
 */
function noteDeleted(
  { sinkGaps, blocks }: PruneTables,
  deleted: readonly DeletedItem[],
  nowMs: WholeMs,
): number {
  // The commit of a deleted record may be unknown.
  const place = (offset: number): Position => ({ incarnation: blocks.incarnation, offset, commit: '' })
  for (const { sink, offset, acceptedAtMs } of deleted) {
    if (sink === null || offset === null) continue
    const accepted = { acceptedFromMs: acceptedAtMs, acceptedToMs: acceptedAtMs }
    sinkGaps.add({ sink, from: place(offset - 1), to: place(offset), ...accepted, atMs: nowMs })
  }
  return deleted.length
}

/** Returns the first rows that hold this many bytes in total. */
function takeBytes(rows: readonly BlockRow[], bytes: number): readonly BlockRow[] {
  let sum = 0
  const enough = rows.findIndex((row) => {
    sum += row.payloadBytes
    return sum >= bytes
  })
  return enough === -1 ? rows : rows.slice(0, enough + 1)
}

function deleteBlocks(blocks: BlockTable, rows: readonly BlockRow[]): number {
  const last = rows.at(-1)
  if (last === undefined) return 0
  blocks.deleteThrough(last.lastOffset)
  return rows.reduce((sum, row) => sum + row.lastOffset - row.firstOffset + 1, 0)
}
