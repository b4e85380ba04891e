import { z } from 'zod'
import type { IndexNames } from '../indices/index-names.ts'
import { indexPrivilege } from '../server/privileges.ts'
import { answerNotUnderstood } from '../server/read-answer.ts'
import type { Server } from '../server/server.ts'

/** A document in an index. */
export interface Place {
  readonly id: string
  readonly indexName: string
}

const placesPerRequest = 1_000

const documents = z.object({
  docs: z.array(
    z.object({
      _id: z.string(),
      found: z.boolean().optional(),
      _version: z.number().optional(),
      error: z.object({ type: z.string() }).optional(),
    }),
  ),
})

export interface FoundRanks {
  /** The rank of each document, by id. The highest rank if the document is in several indices. */
  readonly ranks: ReadonlyMap<string, number>
  /** Documents that may exist, because their index is closed or their shard does not respond. */
  readonly unreadable: ReadonlySet<string>
}

/**
 * Returns the ranks of the documents that exist. It reads them by id, so it finds documents that are not yet
 * visible to searches.
 */
export async function findRanks(
  server: Server,
  { monthlyPattern }: IndexNames,
  places: readonly Place[],
  signal: AbortSignal,
): Promise<FoundRanks> {
  const ranks = new Map<string, number>()
  const unreadable = new Set<string>()
  for (let begin = 0; begin < places.length; begin += placesPerRequest) {
    const some = places.slice(begin, begin + placesPerRequest)
    const { docs } = await server.ask({
      method: 'POST',
      path: '/_mget',
      query: { filter_path: 'docs._id,docs.found,docs._version,docs.error.type' },
      body: { docs: some.map(({ id, indexName }) => ({ _index: indexName, _id: id, _source: false })) },
      answer: documents,
      needs: indexPrivilege('read', monthlyPattern),
      signal,
    })
    if (docs.length !== some.length) throw answerNotUnderstood('POST /_mget')
    for (const { _id: id, found, _version: rank, error } of docs) {
      // Deleted since the list of indices was read.
      if (error?.type === 'index_not_found_exception') continue
      if (error !== undefined) unreadable.add(id)
      // A document's version is its rank. See build-bulk-request.ts.
      if (found === true && rank !== undefined) ranks.set(id, Math.max(rank, ranks.get(id) ?? rank))
    }
  }
  return { ranks, unreadable }
}
