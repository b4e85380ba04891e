import type { CdrRecord } from '@cdrstream/plugin'

export interface RecordSlice {
  readonly records: readonly CdrRecord[]
  /** The index in the batch of the first one. */
  readonly begin: number
}

/**
 * Several for each connection: the first request is under way while the second is built, and all connections
 * finish at about the same time.
 */
const slicesOfConnection = 4
/** Below this, a request costs more than its content. */
const minSliceBytes = 250_000

/** How many records are measured: reading the text of every one takes long. */
const samples = 16

/**
 * Cuts a batch into slices of about the same size, each for one bulk request of about `bodyBytes` at most. A
 * document is about as long as the record's own text, or shorter.
 */
export function* sliceRecords(
  records: readonly CdrRecord[],
  { bodyBytes, concurrency }: { readonly bodyBytes: number; readonly concurrency: number },
): Generator<RecordSlice> {
  const recordBytes = meanTextLength(records)
  const equalBytes = (records.length * recordBytes) / (slicesOfConnection * concurrency)
  const sliceBytes = Math.min(bodyBytes, Math.max(minSliceBytes, equalBytes))
  const sliceLength = Math.max(1, Math.ceil(sliceBytes / recordBytes))
  for (let begin = 0; begin < records.length; begin += sliceLength)
    yield { records: records.slice(begin, begin + sliceLength), begin }
}

function meanTextLength(records: readonly CdrRecord[]): number {
  const step = Math.max(1, Math.floor(records.length / samples))
  const some = records.filter((_, index) => index % step === 0)
  return Math.max(1, some.reduce((sum, record) => sum + textLength(record), 0) / some.length)
}

/** A text that cannot be read is refused when its record is encoded. */
function textLength(record: CdrRecord): number {
  try {
    return record.text.length
  } catch {
    return 0
  }
}
