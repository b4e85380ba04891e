import type { Presence, RecordReference } from '@cdrstream/plugin'
import { documentId } from '../document/document-id.ts'
import { isExpired, retentionCutoffMs } from '../indices/expired-indices.ts'
import { findNewestHomeEndMs } from '../indices/find-newest-home.ts'
import type { IndexNames } from '../indices/index-names.ts'
import { isFromTemplate, listMonthlyIndices, type PresentIndex } from '../indices/present-indices.ts'
import type { Server } from '../server/server.ts'
import { findRanks, type Place } from './find-ranks.ts'

export interface PresenceSearch {
  /** The retention, or undefined if the sink keeps everything. */
  readonly retentionMs: number | undefined
  readonly nowMs: number
  readonly signal: AbortSignal
}

/**
 * Returns for each record whether the sink's indices have the requested revision or a newer one, including
 * indices that were removed from the alias. Records that are not in the month of their home are looked up in
 * all months, because keys keep the homes that an earlier, lost journal assigned.
 */
export async function findPresence(
  server: Server,
  names: IndexNames,
  records: readonly RecordReference[],
  { retentionMs, nowMs, signal }: PresenceSearch,
): Promise<readonly Presence[]> {
  const present = await listMonthlyIndices(server, names, signal)
  const ours = [...present.values()].filter(isFromTemplate)
  const asked = records.map((record) => ({
    ...record,
    id: documentId(record.org, record.key),
    indexName: names.monthly(record.home),
  }))
  const ranks = new Map<string, number>()
  const unreadable = new Set<string>()
  const isPresent = ({ id, rank }: (typeof asked)[number]) => (ranks.get(id) ?? -1) >= rank
  const lookUp = async (places: readonly Place[]) => {
    const found = await findRanks(server, names, places, signal)
    for (const [id, rank] of found.ranks) ranks.set(id, Math.max(rank, ranks.get(id) ?? -1))
    for (const id of found.unreadable) unreadable.add(id)
  }
  const existing = new Set(ours.map(({ name }) => name))
  await lookUp(asked.filter(({ indexName }) => existing.has(indexName)))
  const missing = asked.filter((record) => !isPresent(record))
  await lookUp(
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
