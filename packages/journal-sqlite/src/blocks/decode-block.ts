import type { JournalRecord } from '@cdrstream/engine'
import type { Position, RecordSource } from '@cdrstream/plugin'
import type { BlockRow } from '../tables/block-table.ts'
import type { BlockColumns, EncodedBlock } from './encode-block.ts'
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
  return decodedBlock(row, JSON.parse(bytes.toString('utf8', headStart, headEnd(bytes))), bytes)
}

/** The block as it was before it was written. */
export function writtenBlock(row: BlockRow, { columns, decoded }: EncodedBlock): DecodedBlock {
  return decodedBlock(row, columns, decoded)
}

/** Behind the length of the columns. */
const headStart = 4

function headEnd(bytes: Buffer): number {
  return headStart + bytes.readUInt32LE()
}

function decodedBlock(row: BlockRow, columns: BlockColumns, bytes: Buffer): DecodedBlock {
  let start = headEnd(bytes)
  const textStarts = columns.textBytes.map((length) => {
    start += length
    return start - length
  })
  return { row, columns, bytes, textStarts }
}

/** The length of the text of the record with this offset, in UTF-8. */
export function textBytesAt(block: DecodedBlock, offset: number): number {
  return at(block.columns.textBytes, offset - block.row.firstOffset)
}

/** The record with this offset. */
export function recordAt(block: DecodedBlock, offset: number, incarnation: string): JournalRecord {
  return new BlockRecord(block, offset, incarnation)
}

/** Its text is made when it is asked for: the texts of a batch, held together, would keep the garbage collector busy. */
class BlockRecord implements JournalRecord {
  readonly org: string
  readonly key: string
  readonly rank: number
  readonly home: string
  readonly acceptedAtMs: number
  readonly source: RecordSource
  readonly position: Position
  readonly #bytes: Buffer
  readonly #start: number
  readonly #end: number

  constructor({ row, columns, bytes, textStarts }: DecodedBlock, offset: number, incarnation: string) {
    const index = offset - row.firstOffset
    this.org = row.org
    this.key = at(columns.key, index)
    this.rank = at(columns.rank, index)
    this.home = at(columns.home, index)
    this.acceptedAtMs = at(columns.acceptedAtMs, index)
    this.source = at(columns.source, index)
    this.position = { incarnation, offset, commit: row.commit }
    this.#bytes = bytes
    this.#start = at(textStarts, index)
    this.#end = this.#start + at(columns.textBytes, index)
  }

  get text(): string {
    return this.#bytes.toString('utf8', this.#start, this.#end)
  }
}

function at<Value>(column: readonly Value[], index: number): Value {
  const value = column[index]
  if (value === undefined) throw new RangeError(`a block without a record at ${index}`)
  return value
}
