import { z } from 'zod'
import type { IndexNames } from '../indices/index-names.ts'
import { indexPrivilege } from '../server/privileges.ts'
import type { Server } from '../server/server.ts'

const day = /^2\d{3}-\d{2}-\d{2}$/

/**
 * Returns whether a value is a day that can be a home. It must be in the year 2000 or later, because the
 * pattern of the monthly indices begins with 2.
 */
export function isHome(text: unknown): text is string {
  return typeof text === 'string' && day.test(text) && !Number.isNaN(Date.parse(text))
}

/** Where a record is stored. */
export interface KnownPlace {
  readonly indexName: string
  readonly home: string
}

/**
 * Half of the 10,000 documents that a search can return, in case ids are in more than one index because of an
 * earlier fault.
 */
const idsPerSearch = 5_000
const maxHits = 10_000

const hit = z.object({
  _index: z.string(),
  _id: z.string(),
  _source: z.object({ home: z.unknown() }).partial().optional(),
})
/** Without hits, the filter leaves an empty object. */
const found = z.object({ hits: z.object({ hits: z.array(hit) }).optional() })

/** Returns the place of each of these documents, by id. Documents that do not exist are omitted. */
export async function findHomes(
  server: Server,
  { monthlyPattern, isMonthly }: IndexNames,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, KnownPlace>> {
  const places = new Map<string, KnownPlace>()
  for (let begin = 0; begin < ids.length; begin += idsPerSearch) {
    const { hits } = await server.ask({
      method: 'POST',
      path: `/${monthlyPattern}/_search`,
      // If one index does not respond, the search must fail, because the document could be in it.
      query: {
        allow_partial_search_results: false,
        filter_path: 'hits.hits._index,hits.hits._id,hits.hits._source',
      },
      body: {
        query: { ids: { values: ids.slice(begin, begin + idsPerSearch) } },
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
