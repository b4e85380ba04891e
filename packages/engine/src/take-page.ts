import {
  type AdmittedRecord,
  admitRecords,
  countRepeated,
  identifyItem,
  type NoRecord,
  type RecordIdentity,
} from '@cdrstream/core'
import type { OrgSetup, Platform } from './engine-options.ts'
import type { Journal } from './ports/journal.ts'
import type { Item } from './ports/source.ts'

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

/** So many items are worked on before other work of the process gets its turn. */
const sliceItems = 50

/** Tells what is new in a page. */
export async function takePage(
  items: readonly Item[],
  fingerprintsBefore: readonly string[],
  org: OrgSetup,
  journal: Journal,
  platform: Platform,
): Promise<TakenPage> {
  const records: RecordIdentity[] = []
  const noRecords: NoRecord[] = []
  const fingerprints: string[] = []
  for (const [index, item] of items.entries()) {
    if (index > 0 && index % sliceItems === 0) await platform.clock.yield()
    const identity = identifyItem(item, platform.digest)
    fingerprints.push(identity.fingerprint)
    if (identity.kind === 'record') records.push(identity)
    else noRecords.push(identity)
  }
  const keys = [...new Set(records.map(({ key }) => key))]
  const known = await journal.revisions(org.name, keys)
  const acceptedAtMs = Math.floor(platform.clock.nowMs())
  return {
    admitted: admitRecords(records, known, acceptedAtMs),
    noRecords,
    repeated: countRepeated(fingerprintsBefore, fingerprints),
    fingerprints,
    acceptedAtMs,
  }
}
