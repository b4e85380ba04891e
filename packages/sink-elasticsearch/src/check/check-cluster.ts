import type { Finding } from '@cdrstream/plugin'
import { z } from 'zod'
import type { ElasticsearchSinkOptions } from '../elasticsearch-sink-options.ts'
import { indexNames } from '../indices/index-names.ts'
import { clusterPrivilege } from '../server/privileges.ts'
import type { Server } from '../server/server.ts'

const clusterHealth = z.object({
  indices: z.record(z.string(), z.object({ status: z.string() })).default({}),
})

const shardCounts = z.object({ max_shards_in_cluster: z.number(), current_used_shards: z.number() }).partial()
const healthReport = z.object({
  indicators: z.object({
    shards_capacity: z.object({
      status: z.string(),
      details: z.object({ data: shardCounts }).partial().optional(),
    }),
  }),
})

/**
 * Reports indices that lack shards, and a cluster that is about to reach its shard limit. With
 * `manageTemplate: false`, reports nothing, because the user may lack the `monitor` privilege.
 */
export async function checkCluster(
  server: Server,
  { indexPrefix, manageTemplate }: ElasticsearchSinkOptions,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  if (!manageTemplate) return []
  const needs = clusterPrivilege('monitor')
  const { monthlyPattern, coverage, journals } = indexNames(indexPrefix)
  const health = await server.ask({
    method: 'GET',
    path: `/_cluster/health/${monthlyPattern},${coverage}*,${journals}*`,
    query: { level: 'indices', filter_path: 'indices.*.status' },
    answer: clusterHealth,
    needs,
    isQuotable: true,
    signal,
  })
  const report = await server.ask({
    method: 'GET',
    path: '/_health_report/shards_capacity',
    query: { verbose: true },
    answer: healthReport,
    needs,
    expected: [400, 404],
    isQuotable: true,
    signal,
  })
  return [...redIndices(health), ...(report === undefined ? [] : fullShards(report))]
}

function redIndices({ indices }: z.infer<typeof clusterHealth>): readonly Finding[] {
  return Object.entries(indices)
    .filter(([, { status }]) => status === 'red')
    .map(([name]) => ({
      level: 'error',
      code: 'index-red',
      message: `restore the missing shards of the index ${name}, which cannot be written to: GET /_cluster/allocation/explain shows why they are not assigned`,
    }))
}

/** Elasticsearch's own thresholds: red if fewer than 5 shards are left, yellow if fewer than 10. */
function fullShards({ indicators }: z.infer<typeof healthReport>): readonly Finding[] {
  const { status, details } = indicators.shards_capacity
  if (status !== 'red' && status !== 'yellow') return []
  const { max_shards_in_cluster: max = 0, current_used_shards: used = 0 } = details?.data ?? {}
  return [
    {
      level: status === 'red' ? 'error' : 'warning',
      code: 'shard-limit',
      message: `delete or close indices that are no longer needed, or raise cluster.max_shards_per_node: ${used} of ${max} shards are used, and next month's index needs more`,
    },
  ]
}
