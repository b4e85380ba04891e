import type { AcceptedRecord } from '@cdrstream/core'
import type { RecordSource } from '@cdrstream/plugin'
import { compress } from './zstd.ts'

/** Consecutive records of one commit, compressed and ready to be written. */
export interface EncodedBlock {
  readonly records: readonly AcceptedRecord[]
  /** When the newest record was accepted. */
  readonly acceptedAtMs: number
  readonly columns: BlockColumns
  /** The size of the decompressed payload. */
  readonly decodedBytes: number
  readonly payload: Uint8Array
}

/**
 * Precedes the texts in a block, as JSON. Stored by column, because similar values next to each other
 * compress best.
 */
export interface BlockColumns {
  readonly key: readonly string[]
  readonly rank: readonly number[]
  readonly home: readonly string[]
  readonly acceptedAtMs: readonly number[]
  readonly source: readonly RecordSource[]
  /** The indexes of superseded records; absent in blocks of earlier versions. */
  readonly superseded?: readonly number[]
  /** The length of each text in UTF-8. */
  readonly textBytes: readonly number[]
}

// Small enough that reading a few records decodes little else, and that several threads share the work of a
// large page.
const blockTextBytes = 4_000_000

/** Compressing more blocks at once would double the memory that the page takes. */
const blocksAtOnce = 2

/** Splits the records into blocks, in order, and compresses them. */
export async function encodeBlocks(records: readonly AcceptedRecord[]): Promise<readonly EncodedBlock[]> {
  const encoded: EncodedBlock[] = []
  const blocks = cutIntoBlocks(records).entries()
  const work = async () => {
    for (const [at, block] of blocks) encoded[at] = await encodeBlock(block)
  }
  await Promise.all(Array.from({ length: blocksAtOnce }, work))
  return encoded
}

function cutIntoBlocks(records: readonly AcceptedRecord[]): readonly (readonly AcceptedRecord[])[] {
  const blocks: AcceptedRecord[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const record of records) {
    bytes += record.bytes.length
    if (bytes > blockTextBytes) {
      blocks.push([])
      bytes = record.bytes.length
    }
    blocks.at(-1)?.push(record)
  }
  return blocks
}

/**
 * The layout of a block before compression: the length of the columns (4 bytes, little-endian), the columns,
 * the texts.
 */
async function encodeBlock(records: readonly AcceptedRecord[]): Promise<EncodedBlock> {
  const columns: BlockColumns = {
    key: records.map(({ key }) => key),
    rank: records.map(({ rank }) => rank),
    home: records.map(({ home }) => home),
    acceptedAtMs: records.map(({ acceptedAtMs }) => acceptedAtMs),
    source: records.map(({ source }) => source),
    superseded: records.flatMap(({ isSuperseded }, index) => (isSuperseded ? [index] : [])),
    textBytes: records.map(({ bytes }) => bytes.length),
  }
  const head = Buffer.from(JSON.stringify(columns))
  const decodedBytes = columns.textBytes.reduce((sum, bytes) => sum + bytes, headLengthBytes + head.length)
  const memory = takeMemory(decodedBytes)
  memory.writeUInt32LE(head.length)
  memory.set(head, headLengthBytes)
  let end = headLengthBytes + head.length
  for (const { bytes } of records) {
    memory.set(bytes, end)
    end += bytes.length
  }
  const payload = await compress(memory.subarray(0, decodedBytes))
  giveBack(memory)
  return {
    records,
    acceptedAtMs: columns.acceptedAtMs.reduce((newest, ms) => Math.max(newest, ms)),
    columns,
    decodedBytes,
    payload,
  }
}

const headLengthBytes = 4

/** Buffers of compressed blocks, for reuse. Allocating a new one takes about as long as filling it. */
const spareMemory: Buffer[] = []
const spareBytes = 1.25 * blockTextBytes

function takeMemory(bytes: number): Buffer {
  const isUsual = bytes <= spareBytes && bytes > spareBytes / 4
  return (isUsual ? spareMemory.pop() : undefined) ?? Buffer.allocUnsafeSlow(isUsual ? spareBytes : bytes)
}

function giveBack(memory: Buffer): void {
  if (memory.length === spareBytes && spareMemory.length < blocksAtOnce) spareMemory.push(memory)
}
