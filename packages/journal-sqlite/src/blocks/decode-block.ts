import type { JournalRecord } from '@cdrstream/engine'
import type { BlockRow } from '../tables/block-table.ts'
import type { BlockColumns } from './encode-block.ts'
import { decompress } from './zstd.ts'

/** A block whose texts are still bytes: a text is made when its record is asked for. */
export interface DecodedBlock {
  readonly row: BlockRow
  readonly columns: BlockColumns
  readonly bytes: Buffer
  /** Where each text begins in `bytes`. */
  readonly textStarts: readonly number[]
}

export async function decodeBlock(row: BlockRow, payload: Uint8Array): Promise<DecodedBlock> {
  const bytes = await decompress(payload, row.decodedBytes)
  const headEnd = 4 + bytes.readUInt32LE()
  const columns: BlockColumns = JSON.parse(bytes.toString('utf8', 4, headEnd))
  const textStarts: number[] = []
  let at = headEnd
  for (const length of columns.textBytes) {
    textStarts.push(at)
    at += length
  }
  return { row, columns, bytes, textStarts }
}

/** The length of the text of the record with this offset, in UTF-8. */
export function textBytesAt(block: DecodedBlock, offset: number): number {
  return at(block.columns.textBytes, offset - block.row.firstOffset)
}

/** The record with this offset. */
export function recordAt(block: DecodedBlock, offset: number, incarnation: string): JournalRecord {
  const { row, columns, bytes, textStarts } = block
  const index = offset - row.firstOffset
  const start = at(textStarts, index)
  return {
    org: row.org,
    key: at(columns.key, index),
    rank: at(columns.rank, index),
    home: at(columns.home, index),
    acceptedAtMs: at(columns.acceptedAtMs, index),
    source: at(columns.source, index),
    text: bytes.toString('utf8', start, start + at(columns.textBytes, index)),
    position: { incarnation, offset, commit: row.commit },
  }
}

function at<Value>(column: readonly Value[], index: number): Value {
  const value = column[index]
  if (value === undefined) throw new RangeError(`a block without a record at ${index}`)
  return value
}
