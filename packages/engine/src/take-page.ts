import {
  type AdmittedRecord,
  admitRecords,
  countRepeated,
  type Identity,
  type NoRecord,
} from '@cdrstream/core'
import type { OrgSetup, Platform } from './engine-options.ts'
import type { Journal } from './ports/journal.ts'

/** A page, ready for the journal. */
export interface TakenPage {
  readonly admitted: readonly AdmittedRecord[]
  readonly noRecords: readonly NoRecord[]
  /** Items that the page before had too. */
  readonly repeated: number
  /** Of all items, in order: what the next page compares itself with. */
  readonly fingerprints: readonly string[]
  readonly acceptedAtMs: number
}

/** Tells what is new in a page. */
export async function takePage(
  items: readonly Identity[],
  fingerprintsBefore: readonly string[],
  org: OrgSetup,
  journal: Journal,
  platform: Platform,
): Promise<TakenPage> {
  const records = items.filter((item) => item.kind === 'record')
  const fingerprints = items.map(({ fingerprint }) => fingerprint)
  const known = await journal.revisions(org.name, [...new Set(records.map(({ key }) => key))])
  const acceptedAtMs = Math.floor(platform.clock.nowMs())
  return {
    admitted: admitRecords(records, known, acceptedAtMs),
    noRecords: items.filter((item) => item.kind === 'no-record'),
    repeated: countRepeated(fingerprintsBefore, fingerprints),
    fingerprints,
    acceptedAtMs,
  }
}
