import { createHomes } from './home.ts'
import type { RecordIdentity } from './identify-item.ts'
import { rankAmong } from './rank.ts'

/** What the journal remembers of each content that a key has had. */
export interface Revision {
  /** The digest of the canonical content: 32 hexadecimal digits. */
  readonly fingerprint: string
  readonly rank: number
  /** The UTC day of the key, `YYYY-MM-DD`; the same for all revisions of a key. */
  readonly home: string
}

/** A record that is new, or a new revision of a known one, with its rank and home. */
export interface AdmittedRecord extends Revision {
  readonly key: string
  /** The JSON text of the record in UTF-8. */
  readonly bytes: Uint8Array
  /** The same as `content` of its identity. */
  readonly content: string | undefined
}

/**
 * Returns the records that are new, compared with known records and with each other. All contents that a key
 * has had count as known: an old content that comes back is a repetition, not a revision.
 */
export function admitRecords(
  identities: readonly RecordIdentity[],
  known: ReadonlyMap<string, readonly Revision[]>,
  acceptedAtMs: number,
): readonly AdmittedRecord[] {
  const admitted: AdmittedRecord[] = []
  const homeOf = createHomes(acceptedAtMs)
  const byKey = new Map<string, readonly Revision[]>()
  for (const { key, fingerprint, bytes, content, startTimeMs, reportTimeMs } of identities) {
    const revisions = byKey.get(key) ?? known.get(key) ?? []
    if (revisions.some((revision) => revision.fingerprint === fingerprint)) continue
    const ranks = revisions.map((revision) => revision.rank)
    const record: AdmittedRecord = {
      key,
      fingerprint,
      rank: rankAmong(reportTimeMs, acceptedAtMs, ranks),
      home: revisions[0]?.home ?? homeOf(startTimeMs),
      bytes,
      content,
    }
    admitted.push(record)
    byKey.set(key, [...revisions, record])
  }
  return admitted
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
