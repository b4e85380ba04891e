import type { IndexNames } from '../indices/index-names.ts'
import { indexPrivilege } from '../server/privileges.ts'
import type { Server } from '../server/server.ts'

/** Where a record is already. */
export interface KnownPlace {
  readonly indexName: string
  readonly home: string
}

/** A search gives at most 10,000 documents; an id may be in more than one index if something went wrong before. */
const idsOfSearch = 5_000
const mostHits = 10_000

interface SearchAnswer {
  readonly hits?: {
    readonly hits?: readonly {
      readonly _index: string
      readonly _id: string
      readonly _source?: { readonly home?: string }
    }[]
  }
}

/** Looks up in which monthly index these documents are. */
export async function findHomes(
  server: Server,
  { monthlyPattern, isMonthly }: IndexNames,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, KnownPlace>> {
  const places = new Map<string, KnownPlace>()
  for (let begin = 0; begin < ids.length; begin += idsOfSearch) {
    const { body } = await server.ask({
      method: 'POST',
      path: `/${monthlyPattern}/_search`,
      // An index that does not answer could be the one: then the look-up has failed.
      query: {
        allow_partial_search_results: false,
        filter_path: 'hits.hits._index,hits.hits._id,hits.hits._source',
      },
      body: {
        query: { ids: { values: ids.slice(begin, begin + idsOfSearch) } },
        _source: ['home'],
        size: mostHits,
        track_total_hits: false,
      },
      needs: indexPrivilege('read', monthlyPattern),
      signal,
    })
    for (const { _index: indexName, _id: id, _source: source } of (body as SearchAnswer).hits?.hits ?? []) {
      const elder = places.get(id)
      if (!isMonthly(indexName) || (elder !== undefined && elder.indexName <= indexName)) continue
      if (source?.home !== undefined) places.set(id, { indexName, home: source.home })
    }
  }
  return places
}
