import { cdrRecord, type RecordMask } from '@cdrstream/core'
import type { Batch, Position, WriteOutcome } from '@cdrstream/plugin'
import type { Called } from './call-sink.ts'
import type { JournalRecord } from './ports/index.ts'

/** Writes records of the journal as the sink may see them. */
export function writeBatch(
  {
    records,
    from,
    to,
  }: { readonly records: readonly JournalRecord[]; readonly from: Position; readonly to: Position },
  mask: RecordMask,
  write: (batch: Batch) => Promise<Called<WriteOutcome>>,
): Promise<Called<WriteOutcome>> {
  const seen = records.map((record) => cdrRecord(record, mask))
  return write({ records: seen, from, to })
}
