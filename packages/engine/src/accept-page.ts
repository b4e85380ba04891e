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
  /** The new records on the page. */
  readonly records: readonly AcceptedRecord[]
  /** How many of them are revisions of a known record, or of one earlier on the page. */
  readonly revisions: number
  readonly quarantined: readonly QuarantineItem[]
  readonly acceptedAtMs: WholeMs
  /** The number of items that were also on the previous page. */
  readonly repeated: number
  /** The fingerprints of all items, in order, for the comparison with the next page. */
  readonly fingerprints: readonly string[]
}

/** Returns a page with its new records, ready for the journal. */
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
  const accepted = acceptRecords(records, known, 'stream', acceptedAtMs)
  const newKeys = new Set(accepted.map(({ key }) => key).filter((key) => !known.has(key)))
  return {
    records: accepted,
    revisions: accepted.length - newKeys.size,
    quarantined: unusable.map(({ bytes, reason }) => ({
      org: org.name,
      sink: null,
      reason,
      text: bytes,
      atMs: acceptedAtMs,
    })),
    acceptedAtMs,
    repeated: countRepeated(fingerprintsBefore, fingerprints),
    fingerprints,
  }
}
