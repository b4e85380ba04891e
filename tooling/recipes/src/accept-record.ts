import { hash } from 'node:crypto'
import { cdrRecord, identifyItem, recordHome, recordRank } from '@cdrstream/core'
import type { CdrRecord } from '@cdrstream/plugin'

const digest = (text: string) => hash('sha256', text, 'hex')

/**
 * The record that the collector makes of an item's JSON text, seen for the first time. Throws where the item
 * can be no record.
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
