import type { Logger } from '@cdrstream/plugin'
import { acknowledgement } from '../server/acknowledgement.ts'
import { indexPrivilege } from '../server/privileges.ts'
import type { Server } from '../server/server.ts'
import { isExpired, retentionCutoffMs } from './expired-indices.ts'
import { findNewestHomeEndMs } from './find-newest-home.ts'
import type { IndexNames } from './index-names.ts'
import { isManaged, listMonthlyIndices } from './present-indices.ts'

/**
 * Deletes monthly indices that have expired, and returns their names. Keeps indices that were not created
 * from the template, were removed from the alias or are closed.
 */
export async function deleteExpiredIndices(
  server: Server,
  names: IndexNames,
  {
    retentionMs,
    nowMs,
    log,
    signal,
  }: {
    readonly retentionMs: number
    readonly nowMs: number
    readonly log: Logger
    readonly signal: AbortSignal
  },
): Promise<readonly string[]> {
  const present = await listMonthlyIndices(server, names, signal)
  const ours = [...present.values()].filter((index) => isManaged(index) && !index.isClosed)
  // On most days nothing can have expired, regardless of the newest record.
  if (!ours.some(({ name }) => isExpired(name, nowMs - retentionMs))) return []
  const newestHomeEndMs = await findNewestHomeEndMs(server, names, ours, signal)
  const cutoffMs = retentionCutoffMs({ retentionMs, nowMs, newestHomeEndMs })
  const expired = ours.map(({ name }) => name).filter((name) => isExpired(name, cutoffMs))
  for (const name of expired) {
    await server.ask({
      method: 'DELETE',
      path: `/${name}`,
      answer: acknowledgement,
      needs: indexPrivilege('delete_index', names.monthlyPattern),
      expected: [404],
      isQuotable: true,
      signal,
    })
    log.info('deleted an index that is older than the retention', { index: name })
  }
  return expired
}
