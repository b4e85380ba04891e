import { admitRecords, countRepeated, type Identity, type WholeMs } from '@cdrstream/core'
import type { OrgSetup } from './engine-options.ts'
import type { AcceptedRecord, Journal, QuarantineItem } from './ports/index.ts'

/** A page, ready for the journal. */
export interface TakenPage {
  /** The new records on the page. */
  readonly records: readonly AcceptedRecord[]
  readonly quarantined: readonly QuarantineItem[]
  /** The number of items that the previous page also had. */
  readonly repeated: number
  /** The fingerprints of all items, in order, for the comparison with the next page. */
  readonly fingerprints: readonly string[]
}

/** Returns a page with its new records, ready for the journal. */
export async function takePage(
  items: readonly Identity[],
  fingerprintsBefore: readonly string[],
  org: OrgSetup,
  journal: Journal,
  acceptedAtMs: WholeMs,
): Promise<TakenPage> {
  const identities = items.filter((item) => item.kind === 'record')
  const fingerprints = items.map(({ fingerprint }) => fingerprint)
  const known = await journal.revisions(org.name, [...new Set(identities.map(({ key }) => key))])
  const admitted = admitRecords(identities, known, acceptedAtMs)
  const noRecords = items.filter((item) => item.kind === 'no-record')
  return {
    records: admitted.map((record) => ({ ...record, acceptedAtMs, source: 'stream' as const })),
    quarantined: noRecords.map(({ bytes, reason }) => ({
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
