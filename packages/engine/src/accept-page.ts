import {
  type AcceptedRecord,
  acceptRecords,
  countRepeated,
  type IdentifiedItem,
  type WholeMs,
} from '@cdrstream/core'
import type { OrgSetup } from './engine-options.ts'
import type { Journal, QuarantineItem } from './ports/index.ts'

/** A page, ready for the journal. */
export interface AcceptedPage {
  /** What is new in it. */
  readonly records: readonly AcceptedRecord[]
  readonly quarantined: readonly QuarantineItem[]
  /** Items that the page before had too. */
  readonly repeated: number
  /** Of all items, in order: what the next page compares itself with. */
  readonly fingerprints: readonly string[]
}

/** Returns what is new in a page. */
export async function acceptPage(
  items: readonly IdentifiedItem[],
  fingerprintsBefore: readonly string[],
  org: OrgSetup,
  journal: Journal,
  acceptedAtMs: WholeMs,
): Promise<AcceptedPage> {
  const records = items.filter((item) => item.kind === 'record')
  const fingerprints = items.map(({ fingerprint }) => fingerprint)
  const known = await journal.revisions(org.name, [...new Set(records.map(({ key }) => key))])
  const unusable = items.filter((item) => item.kind === 'unusable')
  return {
    records: acceptRecords(records, known, 'stream', acceptedAtMs),
    quarantined: unusable.map(({ bytes, reason }) => ({
      org: org.name,
      sink: null,
      reason,
      text: bytes,
      atMs: acceptedAtMs,
    })),
    repeated: countRepeated(fingerprintsBefore, fingerprints),
    fingerprints,
  }
}
