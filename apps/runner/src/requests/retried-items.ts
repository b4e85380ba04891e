import { type AcceptedRecord, acceptRecords, type Digest, identifyItem, wholeMs } from '@cdrstream/core'
import type { QuarantinedItem, RequeuedItem, SqliteJournal } from '@cdrstream/journal-sqlite'
import { readStoredItem } from '@cdrstream/source-webex'

/** The outcome of reading items for a retry. */
export interface RetriedItems {
  readonly requeued: readonly RequeuedItem[]
  /** Items whose record is already in the journal. */
  readonly known: readonly number[]
  /** Items that cannot be read as records, with the current reason. */
  readonly unreadable: readonly { readonly id: number; readonly reason: string }[]
}

/** Returns the records that one sink refused, as the journal accepted them. */
export async function refusedRecords(
  items: readonly QuarantinedItem[],
  journal: SqliteJournal,
  digest: Digest,
): Promise<RetriedItems> {
  const requeued: RequeuedItem[] = []
  const lost: QuarantinedItem[] = []
  for (const item of items) {
    const record = await acceptedRecord(item, journal)
    if (record === undefined) lost.push(item)
    else requeued.push({ id: item.id, missingFromMs: record.acceptedAtMs, record })
  }
  if (lost.length === 0) return { requeued, known: [], unreadable: [] }
  const again = await readAgain(lost, journal, digest, Date.now(), false)
  return { ...again, requeued: [...requeued, ...again.requeued] }
}

/** Returns the record that an item was created from, if the journal still has it. */
async function acceptedRecord(
  { offset }: QuarantinedItem,
  journal: SqliteJournal,
): Promise<AcceptedRecord | undefined> {
  if (offset === null) return undefined
  const before = { incarnation: journal.incarnation, offset: offset - 1, commit: '' }
  const { records } = await journal.read(before, { records: 1, bytes: 1 })
  const [record] = records
  if (record?.position.offset !== offset) return undefined
  const { org, key, rank, home, source, text } = record
  const revisions = (await journal.revisions(org, [key])).get(key) ?? []
  return {
    key,
    rank,
    home,
    source,
    acceptedAtMs: wholeMs(record.acceptedAtMs),
    // The journal remembers fingerprints only for records that go to all sinks.
    fingerprint: '',
    isSuperseded: revisions.some((revision) => revision.rank > rank),
    bytes: Buffer.from(text),
  }
}

/**
 * Reads items as if the API had just returned them. `onlyNew`: a record that the journal already has is not
 * retried; otherwise it keeps its rank and its home.
 */
export async function readAgain(
  items: readonly QuarantinedItem[],
  journal: SqliteJournal,
  digest: Digest,
  nowMs: number,
  onlyNew = true,
): Promise<RetriedItems> {
  const requeued: RequeuedItem[] = []
  const known: number[] = []
  const unreadable: { id: number; reason: string }[] = []
  const accepted = new Set<string>()
  for (const { id, org, acceptedAtMs, atMs, reason } of items) {
    const bytes = await journal.quarantinedText(id)
    if (bytes === undefined) continue
    const item = readStoredItem(bytes)
    const identified = identifyItem(item, digest)
    if (identified.kind === 'unusable') {
      // Quarantine stores only the beginning of a very large item, so the first reason is more accurate.
      unreadable.push({ id, reason: item.kind === 'unreadable' ? reason : identified.reason })
      continue
    }
    const { key, fingerprint } = identified
    const revisions = await journal.revisions(org, [key])
    const same = revisions.get(key)?.find((revision) => revision.fingerprint === fingerprint)
    const isRepeated = accepted.has(`${key} ${fingerprint}`)
    accepted.add(`${key} ${fingerprint}`)
    if (onlyNew && (same !== undefined || isRepeated)) {
      known.push(id)
      continue
    }
    const [fresh] = acceptRecords(
      [identified],
      same === undefined ? revisions : new Map(),
      'stream',
      wholeMs(acceptedAtMs ?? nowMs),
    )
    if (fresh === undefined) continue
    const record = same === undefined ? fresh : { ...fresh, rank: same.rank, home: same.home }
    requeued.push({ id, missingFromMs: acceptedAtMs ?? atMs, record })
  }
  return { requeued, known, unreadable }
}
