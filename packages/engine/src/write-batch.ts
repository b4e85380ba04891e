import { cdrRecord, type RecordMask } from '@cdrstream/core'
import type { Batch, Position, WriteOutcome } from '@cdrstream/plugin'
import type { Called } from './call-sink.ts'
import type { JournalRecord } from './ports/index.ts'
import { withoutContent } from './without-content.ts'

/**
 * Writes records of the journal as the sink may see them. What the sink says of them is freed of their
 * content.
 */
export async function writeBatch(
  {
    records,
    from,
    to,
  }: { readonly records: readonly JournalRecord[]; readonly from: Position; readonly to: Position },
  mask: RecordMask,
  write: (batch: Batch) => Promise<Called<WriteOutcome>>,
): Promise<Called<WriteOutcome>> {
  const seen = records.map((record) => cdrRecord(record, mask))
  const { outcome, timedOut } = await write({ records: seen, from, to })
  return { outcome: withoutContent(outcome, seen), timedOut }
}
