import { type RefusedRecord, type StoredRecord, type WholeMs, wholeMs } from '@cdrstream/core'
import type { QuarantineItem } from './ports/index.ts'

/** Returns the quarantine item for a record that a sink refused. */
export function refusedItem(
  sink: string,
  { record, reason }: RefusedRecord<StoredRecord>,
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
