import type { RecordSource } from '@cdrstream/plugin'
import { createHomes } from './home.ts'
import type { IdentifiedRecord } from './identify-item.ts'
import type { CanonicalContent } from './normalize/canonical-content.ts'
import { rankAmong } from './rank.ts'
import type { WholeMs } from './whole-ms.ts'

/** What the journal remembers about each content that a key has had. */
export interface Revision {
  /** The digest of the canonical content: 32 hexadecimal digits. */
  readonly fingerprint: string
  readonly rank: number
  /** The key's home as a UTC day, `YYYY-MM-DD`; the same for all of its revisions. */
  readonly home: string
}

/** A new record, or a new revision of a known record, as the journal stores it. */
export interface AcceptedRecord extends Revision {
  readonly key: string
  readonly acceptedAtMs: WholeMs
  readonly source: RecordSource
  /** Whether a newer revision of its key was accepted before it. */
  readonly isSuperseded?: boolean
  /** The JSON text in UTF-8. The journal can read it only until the commit ends. */
  readonly bytes: Uint8Array
  readonly content?: CanonicalContent | undefined
}

/**
 * Returns the records that are new, compared with known records and with each other. Every content that a key
 * has ever had counts as known: an old content that comes back is a repetition, not a revision.
 */
export function acceptRecords(
  records: readonly IdentifiedRecord[],
  known: ReadonlyMap<string, readonly Revision[]>,
  source: RecordSource,
  acceptedAtMs: WholeMs,
): readonly AcceptedRecord[] {
  const accepted: AcceptedRecord[] = []
  const homeOf = createHomes(acceptedAtMs)
  const byKey = new Map<string, readonly Revision[]>()
  for (const { key, fingerprint, bytes, content, startTimeMs, reportTimeMs } of records) {
    const revisions = byKey.get(key) ?? known.get(key) ?? []
    if (revisions.some((revision) => revision.fingerprint === fingerprint)) continue
    const ranks = revisions.map((revision) => revision.rank)
    const rank = rankAmong(reportTimeMs, acceptedAtMs, ranks)
    const record: AcceptedRecord = {
      key,
      fingerprint,
      rank,
      home: revisions[0]?.home ?? homeOf(startTimeMs),
      acceptedAtMs,
      source,
      isSuperseded: ranks.some((known) => known > rank),
      bytes,
      content,
    }
    accepted.push(record)
    byKey.set(key, [...revisions, record])
  }
  return accepted
}

/** Returns how many items of the page were already in the previous page. */
export function countRepeated(before: readonly string[], page: readonly string[]): number {
  const left = new Map<string, number>()
  for (const fingerprint of before) left.set(fingerprint, (left.get(fingerprint) ?? 0) + 1)
  let repeated = 0
  for (const fingerprint of page) {
    const count = left.get(fingerprint) ?? 0
    if (count === 0) continue
    left.set(fingerprint, count - 1)
    repeated += 1
  }
  return repeated
}
