import { z } from 'zod'
import { indexPrivilege } from '../server/privileges.ts'
import type { Server } from '../server/server.ts'
import type { IndexNames } from './index-names.ts'
import type { PresentIndex } from './present-indices.ts'

const dayMs = 86_400_000

const newest = z.object({ value: z.number().nullable() })
/** If the indices no longer exist, the filter leaves an empty object. */
const newestHome = z.object({ aggregations: z.object({ newest }).optional() })

/**
 * Returns the end of the newest day that has a record in these indices, in milliseconds since 1970, or
 * undefined if they are empty. Ignores records that are not yet visible to searches.
 */
export async function findNewestHomeEndMs(
  server: Server,
  { monthlyPattern }: IndexNames,
  indices: readonly PresentIndex[],
  signal: AbortSignal,
): Promise<number | undefined> {
  if (indices.length === 0) return undefined
  const { aggregations } = await server.ask({
    method: 'POST',
    path: `/${indices.map(({ name }) => name).join()}/_search`,
    query: { ignore_unavailable: true, filter_path: 'aggregations.newest.value' },
    body: { size: 0, track_total_hits: false, aggs: { newest: { max: { field: 'home' } } } },
    answer: newestHome,
    needs: indexPrivilege('read', monthlyPattern),
    isQuotable: true,
    signal,
  })
  const newestMs = aggregations?.newest.value ?? undefined
  return newestMs === undefined ? undefined : newestMs + dayMs
}
