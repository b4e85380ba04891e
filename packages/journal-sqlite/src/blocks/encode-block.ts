import type { AcceptedRecord } from '@cdrstream/engine'
import type { RecordSource } from '@cdrstream/plugin'
import { compress } from './zstd.ts'

/** Some records of one commit, ready to be written. */
export interface EncodedBlock {
  readonly records: number
  /** Of the newest record. */
  readonly acceptedAtMs: number
  readonly columns: BlockColumns
  /** What the payload decodes to. */
  readonly decoded: Buffer
  readonly payload: Uint8Array
}

/** What stands before the texts in a block, as JSON: column by column, because equal things beside each other compress best. */
export interface BlockColumns {
  readonly key: readonly string[]
  readonly rank: readonly number[]
  readonly home: readonly string[]
  readonly acceptedAtMs: readonly number[]
  readonly source: readonly RecordSource[]
  /** The length of each text in UTF-8. */
  readonly textBytes: readonly number[]
}

// Small enough that a reader who wants few records decodes few, and that several threads share the work of a large page.
const blockTextLength = 4_000_000

/** Cuts the records into blocks, in their order, and compresses them. */
export async function encodeBlocks(records: readonly AcceptedRecord[]): Promise<readonly EncodedBlock[]> {
  return Promise.all(cutIntoBlocks(records).map(encodeBlock))
}

function cutIntoBlocks(records: readonly AcceptedRecord[]): readonly (readonly AcceptedRecord[])[] {
  const blocks: AcceptedRecord[][] = []
  let length = Number.POSITIVE_INFINITY
  for (const record of records) {
    length += record.text.length
    if (length > blockTextLength) {
      blocks.push([])
      length = record.text.length
    }
    blocks.at(-1)?.push(record)
  }
  return blocks
}

/**
 * A block is, before compression: the length of the columns (4 bytes, little-endian), the columns, the texts. Texts are
 * well-formed, as all that was decoded from UTF-8: a lone surrogate would not come back.
 */
async function encodeBlock(records: readonly AcceptedRecord[]): Promise<EncodedBlock> {
  const columns: Omit<BlockColumns, 'textBytes'> = {
    key: records.map(({ key }) => key),
    rank: records.map(({ rank }) => rank),
    home: records.map(({ home }) => home),
    acceptedAtMs: records.map(({ acceptedAtMs }) => acceptedAtMs),
    source: records.map(({ source }) => source),
  }
  const texts = encodeTexts(
    records.map(({ text }) => text),
    headLengthBytes +
      Buffer.byteLength(JSON.stringify({ ...columns, textBytes: records.map(() => mostLength) })),
  )
  const allColumns: BlockColumns = { ...columns, textBytes: texts.lengths }
  const head = Buffer.from(JSON.stringify(allColumns))
  const start = texts.start - head.length - headLengthBytes
  texts.memory.writeUInt32LE(head.length, start)
  head.copy(texts.memory, start + headLengthBytes)
  const decoded = texts.memory.subarray(start, texts.end)
  return {
    records: records.length,
    acceptedAtMs: columns.acceptedAtMs.reduce((newest, ms) => Math.max(newest, ms)),
    columns: allColumns,
    decoded,
    payload: await compress(decoded),
  }
}

const headLengthBytes = 4
/** No text is longer: JavaScript's end before. */
const mostLength = 2 ** 32

interface EncodedTexts {
  /** The texts, one behind the other, from `start` to `end`; before them is the room that was asked for. */
  readonly memory: Buffer
  readonly start: number
  readonly end: number
  /** In bytes. */
  readonly lengths: readonly number[]
}

/** Of UTF-8, for each unit of UTF-16. */
const mostBytesPerUnit = 3

/** Writes each text once: to count its bytes before, for what stands in front of them, would take nearly as long. */
function encodeTexts(texts: readonly string[], start: number): EncodedTexts {
  const units = texts.reduce((sum, { length }) => sum + length, 0)
  let memory = Buffer.allocUnsafeSlow(start + Math.ceil(1.1 * units))
  let end = start
  const lengths = texts.map((text) => {
    const needed = end + mostBytesPerUnit * text.length
    if (needed > memory.length) memory = Buffer.concat([memory.subarray(0, end)], Math.ceil(1.5 * needed))
    const written = memory.write(text, end)
    end += written
    return written
  })
  return { memory, start, end, lengths }
}
