import { type RefusedRecord, type WholeMs, wholeMs } from '@cdrstream/core'
import type { JournalRecord, QuarantineItem } from './ports/index.ts'

/** Returns the quarantine item for a record that a sink refused. */
export function refusedItem(
  sink: string,
  { record, reason }: RefusedRecord<JournalRecord>,
  atMs: WholeMs,
): QuarantineItem {
  return {
    org: record.org,
    sink,
    reason,
    text: record.text,
    atMs,
    record: { offset: record.position.offset, acceptedAtMs: wholeMs(record.acceptedAtMs) },
  }
}
