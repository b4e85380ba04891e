import { createHomes } from './home.ts'
import type { RecordIdentity } from './identify-item.ts'
import { rankAmong } from './rank.ts'

/** What the journal remembers of each content that a key has had. */
export interface Revision {
  /** The digest of the canonical content, 32 hexadecimal digits. */
  readonly fingerprint: string
  readonly rank: number
  /** The UTC day of the key, `YYYY-MM-DD`; the same for all revisions of a key. */
  readonly home: string
}

/** A record that is new, or a new revision of a known one, with its place in the world. */
export interface AdmittedRecord extends Revision {
  readonly key: string
  /** Its JSON text in UTF-8. */
  readonly bytes: Uint8Array
  /** As its identity has it. */
  readonly content: string | undefined
}

/**
 * Tells what is new from what is known, also within the page. All contents that a key has had are known: when
 * an old one comes back, it is a repetition and not a revision.
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

/** How many items of the page the page before had too. */
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
