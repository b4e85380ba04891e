import { cdrRecord } from '@cdrstream/core'
import type { CdrRecord } from '@cdrstream/plugin'

const acceptedAtMs = Date.UTC(2026, 10, 24, 12)

/** Returns a record as the collector creates it from the API's JSON. */
export function makeRecord(
  key: string,
  changes: Partial<Omit<CdrRecord, 'fields' | 'extra'>> & {
    readonly json?: Readonly<Record<string, unknown>>
  } = {},
): CdrRecord {
  const { json, ...parts } = changes
  const usual = JSON.stringify({
    'Report ID': key,
    'Start time': '2026-11-24T11:58:00.000Z',
    Duration: 42,
    Answered: 'true',
    'Calling number': '+15551234',
    ...json,
  })
  return cdrRecord({
    org: 'acme',
    key,
    rank: 1,
    home: '2026-11-24',
    acceptedAtMs,
    source: 'stream',
    text: usual,
    ...parts,
  })
}
