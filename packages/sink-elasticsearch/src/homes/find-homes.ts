import { z } from 'zod'
import type { IndexNames } from '../indices/index-names.ts'
import { indexPrivilege } from '../server/privileges.ts'
import type { Server } from '../server/server.ts'

const day = /^2\d{3}-\d{2}-\d{2}$/

/**
 * Returns whether a text is a day that can be a home here. The pattern of the monthly indices begins with 2.
 */
export function isHome(text: unknown): text is string {
  return typeof text === 'string' && day.test(text) && !Number.isNaN(Date.parse(text))
}

/** Where a record is already. */
export interface KnownPlace {
  readonly indexName: string
  readonly home: string
}

/**
 * A search returns at most 10,000 documents, and an id may be in more than one index if something went wrong
 * earlier.
 */
const idsOfSearch = 5_000
const maxHits = 10_000

const hit = z.object({
  _index: z.string(),
  _id: z.string(),
  _source: z.object({ home: z.unknown() }).partial().optional(),
})
/** Without hits, the filter leaves nothing. */
const found = z.object({ hits: z.object({ hits: z.array(hit) }).optional() })

/** Returns in which monthly index these documents are, by id. Those that are nowhere are left out. */
export async function findHomes(
  server: Server,
  { monthlyPattern, isMonthly }: IndexNames,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, KnownPlace>> {
  const places = new Map<string, KnownPlace>()
  for (let begin = 0; begin < ids.length; begin += idsOfSearch) {
    const { hits } = await server.ask({
      method: 'POST',
      path: `/${monthlyPattern}/_search`,
      // The document may be in the one index that does not answer, so the whole search fails then.
      query: {
        allow_partial_search_results: false,
        filter_path: 'hits.hits._index,hits.hits._id,hits.hits._source',
      },
      body: {
        query: { ids: { values: ids.slice(begin, begin + idsOfSearch) } },
        _source: ['home'],
        size: maxHits,
        track_total_hits: false,
      },
      answer: found,
      needs: indexPrivilege('read', monthlyPattern),
      signal,
    })
    for (const { _index: indexName, _id: id, _source: source } of hits?.hits ?? []) {
      const older = places.get(id)
      if (!isMonthly(indexName) || (older !== undefined && older.indexName <= indexName)) continue
      if (isHome(source?.home)) places.set(id, { indexName, home: source.home })
    }
  }
  return places
}
