import type { CdrRecord } from '@cdrstream/plugin'

export interface RecordSlice {
  readonly records: readonly CdrRecord[]
  /** The index in the batch of the first one. */
  readonly begin: number
}

/** For each connection, so that the first request is on its way while the second is built, and all end at about the same time. */
const slicesOfConnection = 4
/** Below this, a request costs more than what is in it. */
const leastSliceBytes = 250_000

/**
 * Cuts a batch into slices of about the same size, each for one bulk request of at most `bodyBytes`. A document is about as long as the
 * record's own text, or shorter.
 */
export function* sliceRecords(
  records: readonly CdrRecord[],
  { bodyBytes, concurrency }: { readonly bodyBytes: number; readonly concurrency: number },
): Generator<RecordSlice> {
  let batchBytes = 0
  for (const { text } of records) batchBytes += text.length
  const sliceBytes = Math.min(
    bodyBytes,
    Math.max(leastSliceBytes, batchBytes / (slicesOfConnection * concurrency)),
  )
  let begin = 0
  let bytes = 0
  for (const [index, { text }] of records.entries()) {
    bytes += text.length
    if (bytes < sliceBytes) continue
    yield { records: records.slice(begin, index + 1), begin }
    begin = index + 1
    bytes = 0
  }
  if (begin < records.length) yield { records: records.slice(begin), begin }
}
