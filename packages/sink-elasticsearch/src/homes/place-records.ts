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
 * Gives each record its document and its index: by its home or, where an earlier revision may have another
 * home, where that revision is. A record whose place cannot be determined is refused.
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
        refused.push({ index, reason: 'its home is not a day from the year 2000 on' })
        continue
      }
      // Any other number in one action line makes Elasticsearch refuse the whole request.
      if (!(Number.isSafeInteger(rank) && rank >= 0)) {
        refused.push({
          index,
          reason: 'its rank is not a whole number that Elasticsearch takes as a version',
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
