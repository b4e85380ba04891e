import type { CanonicalContent, StoredRecord } from '@cdrstream/core'
import type { Position, RecordSource } from '@cdrstream/plugin'
import type { BlockRow } from '../tables/block-table.ts'
import type { BlockColumns, EncodedBlock } from './encode-block.ts'
import { decompress, decompressNow } from './zstd.ts'

/** A block whose strings are still bytes. A string is decoded when its record is requested. */
export interface DecodedBlock {
  readonly row: BlockRow
  readonly columns: BlockColumns
  /** Returns the text of the record with this index. */
  textOf(index: number): string
  /** Returns the content of the record with this index, or undefined if it is no longer known. */
  contentOf(index: number): CanonicalContent | undefined
}

/** Decodes a block that was read from the file. */
export async function decodeBlock(row: BlockRow, payload: Uint8Array): Promise<DecodedBlock> {
  const bytes = await decompress(payload, row.decodedBytes)
  const columns: BlockColumns = JSON.parse(bytes.toString('utf8', headStart, headEndOf(bytes)))
  return { row, columns, textOf: textsIn(bytes, columns), contentOf: () => undefined }
}

/**
 * Returns a block that was just written. Readers that keep up with the log usually want the contents, so they
 * stay in memory. The texts do not: unless `decoded` has them, they are decompressed on first access.
 * `onText` is called for each access.
 */
export function writtenBlock(
  row: BlockRow,
  { columns, records, payload }: EncodedBlock,
  onText: () => void,
  decoded?: Buffer,
): DecodedBlock {
  const contents = records.map(({ content }) => content)
  let textOf = decoded && textsIn(decoded, columns)
  return {
    row,
    columns,
    textOf(index) {
      onText()
      textOf ??= textsIn(decompressNow(payload, row.decodedBytes), columns)
      return textOf(index)
    },
    contentOf: (index) => contents[index],
  }
}

/** The columns follow their length. */
const headStart = 4

function headEndOf(bytes: Buffer): number {
  return headStart + bytes.readUInt32LE()
}

function textsIn(bytes: Buffer, { textBytes }: BlockColumns): DecodedBlock['textOf'] {
  const begin = headEndOf(bytes)
  let end = begin
  const ends = textBytes.map((length) => {
    end += length
    return end
  })
  return (index) => bytes.toString('utf8', ends[index - 1] ?? begin, at(ends, index))
}

/** Returns the length in UTF-8 of the record text at this offset. */
export function textBytesAt(block: DecodedBlock, offset: number): number {
  return at(block.columns.textBytes, offset - block.row.firstOffset)
}

/** Returns the record with this offset. */
export function recordAt(block: DecodedBlock, offset: number, incarnation: string): StoredRecord {
  return new BlockRecord(block, offset, incarnation)
}

/**
 * Decodes the text on each access. If all texts of a batch were held at once, the garbage collector would
 * have to trace them.
 */
class BlockRecord implements StoredRecord {
  readonly org: string
  readonly key: string
  readonly rank: number
  readonly home: string
  readonly acceptedAtMs: number
  readonly source: RecordSource
  readonly isSuperseded: boolean
  readonly isRetried: true | undefined
  readonly position: Position
  readonly #block: DecodedBlock
  readonly #index: number

  constructor(block: DecodedBlock, offset: number, incarnation: string) {
    const { row, columns } = block
    const index = offset - row.firstOffset
    this.org = row.org
    this.key = at(columns.key, index)
    this.rank = at(columns.rank, index)
    this.home = at(columns.home, index)
    this.acceptedAtMs = at(columns.acceptedAtMs, index)
    this.source = at(columns.source, index)
    this.isSuperseded = columns.superseded?.includes(index) === true
    this.isRetried = (row.onlySink ?? null) === null ? undefined : true
    this.position = { incarnation, offset, commit: row.commit }
    this.#block = block
    this.#index = index
  }

  get text(): string {
    return this.#block.textOf(this.#index)
  }

  get content(): CanonicalContent | undefined {
    return this.#block.contentOf(this.#index)
  }
}

function at<Value>(column: readonly Value[], index: number): Value {
  const value = column[index]
  if (value === undefined) throw new RangeError(`the block has no record at index ${index}`)
  return value
}
