import type { Presence, RecordReference } from '@cdrstream/plugin'
import { documentId } from '../document/document-id.ts'
import { isExpired, retentionCutoffMs } from '../indices/expired-indices.ts'
import { findNewestHomeEndMs } from '../indices/find-newest-home.ts'
import type { IndexNames } from '../indices/index-names.ts'
import { isOurs, listMonthlyIndices, type PresentIndex } from '../indices/present-indices.ts'
import type { Server } from '../server/server.ts'
import { findRanks, type Place } from './find-ranks.ts'

export interface PresenceSearch {
  /** Undefined if the sink keeps everything. */
  readonly retentionMs: number | undefined
  readonly nowMs: number
  readonly signal: AbortSignal
}

/**
 * Tells which records are in the sink's own indices, in the revision asked for or a newer one. A record that
 * is not in the month of its home is looked up in all months: after a journal was lost, the store keeps the
 * home that the earlier journal gave to a key.
 */
export async function findPresence(
  server: Server,
  names: IndexNames,
  records: readonly RecordReference[],
  { retentionMs, nowMs, signal }: PresenceSearch,
): Promise<readonly Presence[]> {
  const present = await listMonthlyIndices(server, names, signal)
  const ours = [...present.values()].filter(isOurs)
  const asked = records.map((record) => ({
    ...record,
    id: documentId(record.org, record.key),
    indexName: names.monthly(record.home),
  }))
  const ranks = new Map<string, number>()
  const isPresent = ({ id, rank }: (typeof asked)[number]) => (ranks.get(id) ?? -1) >= rank
  const look = async (places: readonly Place[]) => {
    for (const [id, rank] of await findRanks(server, names, places, signal))
      ranks.set(id, Math.max(rank, ranks.get(id) ?? -1))
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
    return isExpired(record.indexName, cutoffMs) ? 'expired' : 'absent'
  })

  async function cutoff(indices: readonly PresentIndex[]): Promise<number> {
    if (retentionMs === undefined || missing.length === 0) return Number.NEGATIVE_INFINITY
    const newestHomeEndMs = await findNewestHomeEndMs(server, names, indices, signal)
    return retentionCutoffMs({ retentionMs, nowMs, newestHomeEndMs })
  }
}
