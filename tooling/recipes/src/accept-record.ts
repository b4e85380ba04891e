import { hash } from 'node:crypto'
import { cdrRecord, identifyItem, recordHome, recordRank } from '@cdrstream/core'
import type { CdrRecord } from '@cdrstream/plugin'

const digest = (text: string) => hash('sha256', text, 'hex')

/**
 * Returns the record that the collector makes from the JSON text of an item it sees for the first time.
 * Throws if the item cannot be a record.
 */
export function acceptRecord(text: string, acceptedAtMs: number): CdrRecord {
  const identity = identifyItem(
    { kind: 'parsed', text, bytes: Buffer.from(text), value: JSON.parse(text) },
    digest,
  )
  if (identity.kind === 'unusable') throw new TypeError(identity.reason)
  return cdrRecord({
    org: 'acme',
    key: identity.key,
    rank: recordRank(identity.reportTimeMs, acceptedAtMs),
    home: recordHome(identity.startTimeMs, acceptedAtMs),
    source: 'stream',
    acceptedAtMs,
    text,
  })
}
