import type { StoredRecord } from '@cdrstream/core'

/** Returns copies with the texts as plain properties. The journal's records decode them on access. */
export function plainRecords(records: readonly StoredRecord[]): readonly StoredRecord[] {
  return records.map((record) => ({ ...record, text: record.text }))
}
