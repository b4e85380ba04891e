import type { DatabaseSync } from 'node:sqlite'
import type { StoredRecord } from '@cdrstream/core'
import type { JournalRun, ReadLimit } from '@cdrstream/engine'
import type { Position } from '@cdrstream/plugin'
import { inSnapshot } from '../database/transaction.ts'
import type { BlockRow, BlockTable } from '../tables/block-table.ts'
import { blockCache } from './block-cache.ts'
import { type DecodedBlock, decodeBlock, recordAt, textBytesAt, writtenBlock } from './decode-block.ts'
import type { EncodedBlock } from './encode-block.ts'
import { decompress } from './zstd.ts'

export interface BlockReader {
  read(after: Position, limit: ReadLimit): Promise<JournalRun>
  positionAt(acceptedAtMs: number): Promise<Position>
  /** After the commit of these blocks: whoever has read nearly all that was there will want them next. */
  keep(rows: readonly BlockRow[], blocks: readonly EncodedBlock[]): void
}

/** A page is being written into a sink, while the next one is committed. */
const nearRecords = 10_000

/** Reads the log through a cache of decoded blocks. */
export function blockReader(database: DatabaseSync, blocks: BlockTable): BlockReader {
  const cache = blockCache()
  /** The record that was read last. */
  let readTo = 0
  /** Somebody has asked for a text of what was kept: then those of the next page are decoded ahead, by another thread. */
  let areTextsWanted = false

  /** Row and payload are of one moment: another process may prune. */
  function findBlock(select: () => BlockRow | undefined): Promise<DecodedBlock> | undefined {
    return inSnapshot(database, () => {
      const row = select()
      if (row === undefined) return undefined
      return cache.get(row) ?? cache.add(row, decodeBlock(row, blocks.payload(row.lastOffset)))
    })
  }

  async function writtenOf(row: BlockRow, block: EncodedBlock, decodeAhead: boolean): Promise<DecodedBlock> {
    const decoded = decodeAhead ? await decompress(block.payload, block.decodedBytes) : undefined
    const onText = () => {
      areTextsWanted = true
    }
    return writtenBlock(row, block, onText, decoded)
  }

  return {
    async read(after, limit) {
      const records: StoredRecord[] = []
      let { offset } = after
      let bytes = 0
      while (records.length === 0 || (records.length < limit.records && bytes < limit.bytes)) {
        const block = await findBlock(() => blocks.after(offset))
        if (block === undefined) break
        const { firstOffset, lastOffset } = block.row
        for (offset = Math.max(offset, firstOffset - 1); offset < lastOffset; offset += 1) {
          bytes += textBytesAt(block, offset + 1)
          if (records.length > 0 && (records.length >= limit.records || bytes > limit.bytes)) {
            return runOf(records, after)
          }
          records.push(recordAt(block, offset + 1, blocks.incarnation))
          readTo = Math.max(readTo, offset + 1)
        }
      }
      return runOf(records, after)
    },

    keep(rows, encoded) {
      const decodeAhead = areTextsWanted
      areTextsWanted = false
      for (const [index, row] of rows.entries()) {
        const block = encoded[index]
        const isWanted = row.firstOffset - readTo <= nearRecords
        if (block !== undefined && isWanted) void cache.add(row, writtenOf(row, block, decodeAhead))
      }
    },

    async positionAt(acceptedAtMs) {
      const block = await findBlock(() => blocks.firstAcceptedSince(acceptedAtMs))
      if (block === undefined) return blocks.end()
      const index = block.columns.acceptedAtMs.findIndex((ms) => ms >= acceptedAtMs)
      return inSnapshot(database, () => blocks.positionOf(block.row.firstOffset + index - 1))
    },
  }
}

function runOf(records: readonly StoredRecord[], after: Position): JournalRun {
  return { records, to: records.at(-1)?.position ?? after }
}
