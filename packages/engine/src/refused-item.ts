import { type RefusedRecord, type WholeMs, wholeMs } from '@cdrstream/core'
import type { JournalRecord, QuarantineItem } from './ports/index.ts'

/** Returns what goes to quarantine for a sink. */
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
