import type { DatabaseSync } from 'node:sqlite'
import type { StoredRecord } from '@cdrstream/core'
import type { JournalRun, ReadLimit } from '@cdrstream/engine'
import type { Position } from '@cdrstream/plugin'
import { inSnapshot } from '../database/transaction.ts'
import type { BlockRow, BlockTable } from '../tables/block-table.ts'
import type { LeftOutTable } from '../tables/left-out-table.ts'
import { blockCache } from './block-cache.ts'
import { type DecodedBlock, decodeBlock, recordAt, textBytesAt, writtenBlock } from './decode-block.ts'
import type { EncodedBlock } from './encode-block.ts'
import { decompress } from './zstd.ts'

export interface BlockReader {
  /** Returns the records after a position, up to the limit, but at least one if any exist. */
  read(after: Position, limit: ReadLimit): Promise<JournalRun>
  /** Returns the position before the first record accepted at or after this time. */
  positionAt(acceptedAtMs: number): Promise<Position>
  /**
   * Called after the commit of these blocks. Keeps them in the cache if the readers are close to the end of
   * the log.
   */
  keep(rows: readonly BlockRow[], blocks: readonly EncodedBlock[]): void
  /** Empties the cache, because what it holds of the blocks has changed. */
  forget(): void
}

/**
 * How far behind a reader can be and still count as close to the end. A sink writes one page while the next
 * is committed.
 */
const nearRecords = 10_000

/** Reads the log through a cache of decoded blocks. */
export function blockReader(
  database: DatabaseSync,
  blocks: BlockTable,
  leftOut: Pick<LeftOutTable, 'of'>,
): BlockReader {
  const cache = blockCache()
  /** The offset of the newest record that was read. */
  let readTo = 0
  /**
   * Whether any text of the latest blocks was read. If so, the texts of the next page are decompressed ahead
   * of time on another thread.
   */
  let wereTextsRead = false

  /** Reads the row and its payload in one snapshot, because another process may prune meanwhile. */
  function findBlock(select: () => BlockRow | undefined): Promise<DecodedBlock> | undefined {
    return inSnapshot(database, () => {
      const row = select()
      if (row === undefined) return undefined
      return cache.get(row) ?? cache.add(row, decodeBlock(row, blocks.payload(row.lastOffset)))
    })
  }

  function leftOutFor(sink: string | undefined, after: Position, records: readonly StoredRecord[]) {
    const last = records.at(-1)
    return sink === undefined || last === undefined
      ? []
      : leftOut.of(sink, after.offset, last.position.offset)
  }

  async function writtenOf(row: BlockRow, block: EncodedBlock, decodeAhead: boolean): Promise<DecodedBlock> {
    const decoded = decodeAhead ? await decompress(block.payload, block.decodedBytes) : undefined
    const onText = () => {
      wereTextsRead = true
    }
    return writtenBlock(row, block, onText, decoded)
  }

  return {
    async read(after, limit) {
      const records: StoredRecord[] = []
      const ofOthers: number[] = []
      const run = () => runOf(records, after, [...ofOthers, ...leftOutFor(limit.sink, after, records)])
      let { offset } = after
      let bytes = 0
      while (records.length === 0 || (records.length < limit.records && bytes < limit.bytes)) {
        const block = await findBlock(() => blocks.after(offset))
        if (block === undefined) break
        const { firstOffset, lastOffset } = block.row
        for (offset = Math.max(offset, firstOffset - 1); offset < lastOffset; offset += 1) {
          bytes += textBytesAt(block, offset + 1)
          if (records.length > 0 && (records.length >= limit.records || bytes > limit.bytes)) {
            return run()
          }
          records.push(recordAt(block, offset + 1, blocks.incarnation))
          if (isOfOther(block.row, limit.sink)) ofOthers.push(offset + 1)
          readTo = Math.max(readTo, offset + 1)
        }
      }
      return run()
    },

    keep(rows, encoded) {
      const decodeAhead = wereTextsRead
      wereTextsRead = false
      for (const [index, row] of rows.entries()) {
        const block = encoded[index]
        const isWanted = row.firstOffset - readTo <= nearRecords
        if (block !== undefined && isWanted) void cache.add(row, writtenOf(row, block, decodeAhead))
      }
    },

    forget() {
      cache.clear()
    },

    async positionAt(acceptedAtMs) {
      const block = await findBlock(() => blocks.firstAcceptedSince(acceptedAtMs))
      if (block === undefined) return blocks.end()
      const index = block.columns.acceptedAtMs.findIndex((ms) => ms >= acceptedAtMs)
      return inSnapshot(database, () => blocks.positionOf(block.row.firstOffset + index - 1))
    },
  }
}

/** Returns whether this block's records are only for a different sink. */
function isOfOther({ onlySink }: BlockRow, sink: string | undefined): boolean {
  return sink !== undefined && onlySink !== null && onlySink !== undefined && onlySink !== sink
}

function runOf(records: readonly StoredRecord[], after: Position, leftOut: readonly number[]): JournalRun {
  const to = records.at(-1)?.position ?? after
  return leftOut.length === 0 ? { records, to } : { records, to, leftOut }
}
