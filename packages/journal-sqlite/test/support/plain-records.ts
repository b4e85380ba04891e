import type { JournalRecord } from '@cdrstream/engine'

/** Returns copies with the texts as plain properties. The records of the journal decode them on access. */
export function plainRecords(records: readonly JournalRecord[]): readonly JournalRecord[] {
  return records.map((record) => ({ ...record, text: record.text }))
}
