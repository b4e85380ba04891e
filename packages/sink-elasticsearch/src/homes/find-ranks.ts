import type { IndexNames } from '../indices/index-names.ts'
import { knownErrorType } from '../server/error-type.ts'
import { indexPrivilege } from '../server/privileges.ts'
import type { Server } from '../server/server.ts'

/** One document of one index. */
export interface Place {
  readonly id: string
  readonly indexName: string
}

const placesOfRequest = 1_000

interface GetAnswer {
  readonly docs?: readonly {
    readonly _id: string
    readonly found?: boolean
    readonly _version?: number
    readonly error?: { readonly type?: string }
  }[]
}

/**
 * Returns the rank of each document that is there, by id; the highest if there are several. It reads
 * documents by id, so it also sees those that no refresh has made visible to searches yet. Throws if a shard
 * does not answer: a record in it is not missing.
 */
export async function findRanks(
  server: Server,
  { monthlyPattern }: IndexNames,
  places: readonly Place[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const ranks = new Map<string, number>()
  for (let begin = 0; begin < places.length; begin += placesOfRequest) {
    const some = places.slice(begin, begin + placesOfRequest)
    const { body } = await server.ask({
      method: 'POST',
      path: '/_mget',
      query: { filter_path: 'docs._id,docs.found,docs._version,docs.error.type' },
      body: { docs: some.map(({ id, indexName }) => ({ _index: indexName, _id: id, _source: false })) },
      needs: indexPrivilege('read', monthlyPattern),
      signal,
    })
    const { docs = [] } = body as GetAnswer
    if (docs.length !== some.length) throw new Error('the answer does not match the documents asked for')
    for (const { _id: id, found, _version: rank, error } of docs) {
      // Deleted since the list of indices was read.
      if (error?.type === 'index_not_found_exception') continue
      if (error !== undefined) throw new Error(`a document could not be read: ${knownErrorType(error.type)}`)
      // A document's version is its rank: see build-bulk-request.ts.
      if (found === true && rank !== undefined) ranks.set(id, Math.max(rank, ranks.get(id) ?? rank))
    }
  }
  return ranks
}
