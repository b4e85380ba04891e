import type { CdrRecord, Refusal } from '@cdrstream/plugin'
import { encodeDocument } from '../document/encode-document.ts'
import type { BodyWriter } from './body-writer.ts'

/** Why a record that cannot be encoded is refused. */
export const unreadable = 'its text cannot be read'

/** A record in a batch, and where it is written. */
export interface PlacedRecord {
  readonly record: CdrRecord
  /** The record's index in the batch. */
  readonly index: number
  readonly id: string
  /** The name of the monthly index. */
  readonly indexName: string
  readonly home: string
}

/** The body of one bulk request. */
export interface BulkBody {
  readonly bytes: Buffer
  /** The batch index of each record in this body, in order. */
  readonly indexes: readonly number[]
  /** Where each record ends in `bytes`. */
  readonly ends: readonly number[]
}

/**
 * Yields bulk requests of at most `bodyBytes` each. A larger record gets its own request. Records that cannot
 * be encoded are passed to `refuse`.
 */
export function* buildBulkRequests(
  records: Iterable<PlacedRecord>,
  bodyBytes: number,
  writer: BodyWriter,
  refuse: (refusal: Refusal) => void,
): Generator<BulkBody> {
  writer.clear()
  let indexes: number[] = []
  let ends: number[] = []
  for (const placed of records) {
    const lines = encode(placed)
    if (lines === undefined) {
      refuse({ index: placed.index, reason: unreadable })
      continue
    }
    const from = writer.size
    writer.write(lines)
    if (writer.size > bodyBytes && indexes.length > 0) {
      yield { bytes: writer.take(from), indexes, ends }
      indexes = []
      ends = []
    }
    indexes.push(placed.index)
    ends.push(writer.size)
  }
  if (indexes.length > 0) yield { bytes: writer.take(writer.size), indexes, ends }
}

/** Splits a request into two, each with half of its records. */
export function halveBulkRequest({ bytes, indexes, ends }: BulkBody): readonly [BulkBody, BulkBody] {
  const middle = indexes.length >> 1
  const cut = ends[middle - 1] ?? 0
  return [
    { bytes: bytes.subarray(0, cut), indexes: indexes.slice(0, middle), ends: ends.slice(0, middle) },
    {
      bytes: bytes.subarray(cut),
      indexes: indexes.slice(middle),
      ends: ends.slice(middle).map((end) => end - cut),
    },
  ]
}

/**
 * Returns a record's lines, or undefined if encoding throws, because every further attempt would also throw.
 */
function encode({ record, id, indexName, home }: PlacedRecord): string | undefined {
  try {
    return `{"index":{"_index":"${indexName}","_id":${JSON.stringify(id)},"version":${record.rank},"version_type":"external"}}\n${encodeDocument(record, home)}\n`
  } catch {
    return undefined
  }
}
