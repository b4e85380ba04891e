import type { Logger } from '@cdrstream/plugin'
import { indexPrivilege } from '../server/privileges.ts'
import type { Server } from '../server/server.ts'
import { expiredIndices } from './expired-indices.ts'
import type { IndexNames } from './index-names.ts'
import { listMonthlyIndices } from './monthly-indices.ts'

/** Deletes the monthly indices that are older than the retention. */
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
): Promise<void> {
  const present = await listMonthlyIndices(server, names, signal)
  for (const name of expiredIndices(present.keys(), retentionMs, nowMs)) {
    await server.ask({
      method: 'DELETE',
      path: `/${name}`,
      needs: indexPrivilege('delete_index', names.monthlyPattern),
      expected: [404],
      signal,
    })
    log.info('deleted an index that is older than the retention', { index: name })
  }
}
