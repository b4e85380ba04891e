import type { Refusal } from '@cdrstream/plugin'
import { type PlacedRecord, unreadable } from '../bulk/build-bulk-request.ts'
import type { RecordSlice } from '../bulk/slice-records.ts'
import { documentId } from '../document/document-id.ts'
import type { IndexNames } from '../indices/index-names.ts'
import type { Server } from '../server/server.ts'
import { findHomes, isHome } from './find-homes.ts'
import { isHomeDoubtful } from './is-home-doubtful.ts'

export interface Placement {
  readonly placed: readonly PlacedRecord[]
  readonly refused: readonly Refusal[]
}

/**
 * Determines the document and the index of each record: by its home or, if an earlier revision has a
 * different home, by the earlier home. Refuses records whose place cannot be determined.
 */
export async function placeRecords(
  { records, begin }: RecordSlice,
  {
    server,
    names,
    journalKnowsSinceMs,
    signal,
  }: {
    readonly server: Server
    readonly names: IndexNames
    readonly journalKnowsSinceMs: number
    readonly signal: AbortSignal
  },
): Promise<Placement> {
  const placed: PlacedRecord[] = []
  const refused: Refusal[] = []
  const doubtful: string[] = []
  const indexOfHome = new Map<string, string>()
  for (const [at, record] of records.entries()) {
    const index = begin + at
    try {
      const { org, key, rank, home } = record
      const indexName = indexOfHome.get(home) ?? (isHome(home) ? names.monthly(home) : undefined)
      if (indexName === undefined) {
        refused.push({ index, reason: 'its home is not a day in the year 2000 or later' })
        continue
      }
      // With any other number in an action line, Elasticsearch rejects the whole request.
      if (!(Number.isSafeInteger(rank) && rank >= 0)) {
        refused.push({
          index,
          reason: 'its rank is not a valid version for Elasticsearch',
        })
        continue
      }
      indexOfHome.set(home, indexName)
      const id = documentId(org, key)
      const isDoubtful = isHomeDoubtful(record, journalKnowsSinceMs)
      placed.push({ record, index, id, indexName, home })
      if (isDoubtful) doubtful.push(id)
    } catch {
      refused.push({ index, reason: unreadable })
    }
  }
  if (doubtful.length === 0) return { placed, refused }
  const known = await findHomes(server, names, doubtful, signal)
  return { placed: placed.map((record) => ({ ...record, ...known.get(record.id) })), refused }
}
