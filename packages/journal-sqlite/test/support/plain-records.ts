import type { StoredRecord } from '@cdrstream/core'

/** With their texts as properties, which the journal's records make when they are asked. */
export function plainRecords(records: readonly StoredRecord[]): readonly StoredRecord[] {
  return records.map((record) => ({ ...record, text: record.text }))
}
