import type { Presence, RecordReference } from '@cdrstream/plugin'
import { documentId } from '../document/document-id.ts'
import { isExpired, retentionCutoffMs } from '../indices/expired-indices.ts'
import { findNewestHomeEndMs } from '../indices/find-newest-home.ts'
import type { IndexNames } from '../indices/index-names.ts'
import { isMadeByUs, listMonthlyIndices, type PresentIndex } from '../indices/present-indices.ts'
import type { Server } from '../server/server.ts'
import { findRanks, type Place } from './find-ranks.ts'

export interface PresenceSearch {
  /** Undefined if the sink keeps everything. */
  readonly retentionMs: number | undefined
  readonly nowMs: number
  readonly signal: AbortSignal
}

/**
 * Tells which records are in the sink's own indices, in the revision asked for or a newer one, also where
 * someone has taken an index out of the alias to keep it. A record that is not in the month of its home is
 * looked up in all months: after a journal was lost, the store keeps the home that the earlier journal gave
 * to a key.
 */
export async function findPresence(
  server: Server,
  names: IndexNames,
  records: readonly RecordReference[],
  { retentionMs, nowMs, signal }: PresenceSearch,
): Promise<readonly Presence[]> {
  const present = await listMonthlyIndices(server, names, signal)
  const ours = [...present.values()].filter(isMadeByUs)
  const asked = records.map((record) => ({
    ...record,
    id: documentId(record.org, record.key),
    indexName: names.monthly(record.home),
  }))
  const ranks = new Map<string, number>()
  const unreadable = new Set<string>()
  const isPresent = ({ id, rank }: (typeof asked)[number]) => (ranks.get(id) ?? -1) >= rank
  const look = async (places: readonly Place[]) => {
    const found = await findRanks(server, names, places, signal)
    for (const [id, rank] of found.ranks) ranks.set(id, Math.max(rank, ranks.get(id) ?? -1))
    for (const id of found.unreadable) unreadable.add(id)
  }
  const isThere = new Set(ours.map(({ name }) => name))
  await look(asked.filter(({ indexName }) => isThere.has(indexName)))
  const missing = asked.filter((record) => !isPresent(record))
  await look(
    missing.flatMap(({ id, indexName: home }) =>
      ours.filter(({ name }) => name !== home).map(({ name }) => ({ id, indexName: name })),
    ),
  )
  const cutoffMs = await cutoff(ours)
  return asked.map((record) => {
    if (isPresent(record)) return 'present'
    if (isExpired(record.indexName, cutoffMs)) return 'expired'
    return unreadable.has(record.id) ? 'unknown' : 'absent'
  })

  async function cutoff(indices: readonly PresentIndex[]): Promise<number> {
    if (retentionMs === undefined || missing.length === 0) return Number.NEGATIVE_INFINITY
    const newestHomeEndMs = await findNewestHomeEndMs(server, names, indices, signal)
    return retentionCutoffMs({ retentionMs, nowMs, newestHomeEndMs })
  }
}
