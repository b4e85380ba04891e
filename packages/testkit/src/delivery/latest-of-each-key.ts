import type { CdrRecord } from '@cdrstream/plugin'

/** Tells records of other orgs and keys apart, whatever their characters. */
export function identityOf({ org, key }: Pick<CdrRecord, 'org' | 'key'>): string {
  return JSON.stringify([org, key])
}

/** Of each key the revision of the highest rank, in the records' order. */
export function latestOfEachKey(records: readonly CdrRecord[]): readonly CdrRecord[] {
  const latest = new Map<string, CdrRecord>()
  for (const record of records) {
    const other = latest.get(identityOf(record))
    if (other === undefined || other.rank < record.rank) latest.set(identityOf(record), record)
  }
  const chosen = new Set(latest.values())
  return records.filter((record) => chosen.has(record))
}
