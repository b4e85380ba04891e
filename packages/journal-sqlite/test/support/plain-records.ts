import type { JournalRecord } from '@cdrstream/engine'

/** With their texts as properties, which the journal's records make when they are asked. */
export function plainRecords(records: readonly JournalRecord[]): readonly JournalRecord[] {
  return records.map((record) => ({ ...record, text: record.text }))
}
