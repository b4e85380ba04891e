import { indexPrivilege } from '../server/privileges.ts'
import type { Server } from '../server/server.ts'
import type { IndexNames } from './index-names.ts'
import type { PresentIndex } from './present-indices.ts'

const dayMs = 86_400_000

interface NewestAnswer {
  readonly aggregations?: { readonly newest?: { readonly value?: number | null } }
}

/**
 * Returns the end of the newest day that has a record in these indices, in milliseconds since 1970; undefined
 * if they hold none. Records that no refresh has made visible yet are not counted.
 */
export async function findNewestHomeEndMs(
  server: Server,
  { monthlyPattern }: IndexNames,
  indices: readonly PresentIndex[],
  signal: AbortSignal,
): Promise<number | undefined> {
  if (indices.length === 0) return undefined
  const { body } = await server.ask({
    method: 'POST',
    path: `/${indices.map(({ name }) => name).join()}/_search`,
    query: { ignore_unavailable: true, filter_path: 'aggregations.newest.value' },
    body: { size: 0, track_total_hits: false, aggs: { newest: { max: { field: 'home' } } } },
    needs: indexPrivilege('read', monthlyPattern),
    isQuotable: true,
    signal,
  })
  const newestMs = (body as NewestAnswer).aggregations?.newest?.value
  return typeof newestMs === 'number' ? newestMs + dayMs : undefined
}
