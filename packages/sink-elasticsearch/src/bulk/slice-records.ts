import type { CdrRecord } from '@cdrstream/plugin'

export interface RecordSlice {
  readonly records: readonly CdrRecord[]
  /** The index of the first record in the batch. */
  readonly begin: number
}

/**
 * Several per connection, so that one request is built while another is being sent, and all connections
 * finish at about the same time.
 */
const slicesPerConnection = 4
/** In smaller slices, the overhead of a request exceeds the cost of its content. */
const minSliceBytes = 250_000

/** How many records are measured. Reading the text of every record takes too long. */
const samples = 16

/**
 * Splits a batch into slices of about the same size, each for a bulk request of at most about `bodyBytes`. A
 * document is not much longer than its record text.
 */
export function* sliceRecords(
  records: readonly CdrRecord[],
  { bodyBytes, concurrency }: { readonly bodyBytes: number; readonly concurrency: number },
): Generator<RecordSlice> {
  const recordBytes = meanTextLength(records)
  const equalBytes = (records.length * recordBytes) / (slicesPerConnection * concurrency)
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

/** Returns 0 for a string that cannot be read, because its record is refused later, when it is encoded. */
function textLength(record: CdrRecord): number {
  try {
    return record.text.length
  } catch {
    return 0
  }
}
