import type { CdrRecord } from '@cdrstream/plugin'

/** Returns a string that is unique to the record's org and key, regardless of the characters in them. */
export function identityOf({ org, key }: Pick<CdrRecord, 'org' | 'key'>): string {
  return JSON.stringify([org, key])
}

/** Returns the revision with the highest rank of each key, in the order of the records. */
export function latestOfEachKey(records: readonly CdrRecord[]): readonly CdrRecord[] {
  const latest = new Map<string, CdrRecord>()
  for (const record of records) {
    const other = latest.get(identityOf(record))
    if (other === undefined || other.rank < record.rank) latest.set(identityOf(record), record)
  }
  const chosen = new Set(latest.values())
  return records.filter((record) => chosen.has(record))
}
