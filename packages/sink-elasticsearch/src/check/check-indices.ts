import type { Finding } from '@cdrstream/plugin'
import { findingOf, type SinkFault } from '@cdrstream/sink-kit'
import type { ElasticsearchSinkOptions } from '../elasticsearch-sink-options.ts'
import { aliasMissing } from '../indices/index-faults.ts'
import { indexNames } from '../indices/index-names.ts'
import { listMonthlyIndices, listSmallIndices, type PresentIndex } from '../indices/present-indices.ts'
import { indexBlocked, indexClosed } from '../server/diagnose-error.ts'
import type { Server } from '../server/server.ts'
import { currentMonth } from './current-month.ts'

/** Corrections arrive for about a month, so older indices are rarely written to. */
const correctionsMs = 31 * 86_400_000

/** Reports indices that the sink could not write to, or not durably. */
export async function checkIndices(
  server: Server,
  { indexPrefix }: ElasticsearchSinkOptions,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const names = indexNames(indexPrefix)
  const oldestWritten = names.monthly(currentMonth(Date.now() - correctionsMs))
  const monthly = await listMonthlyIndices(server, names, signal)
  const small = await listSmallIndices(server, names, signal)
  return [
    ...[...monthly.values()].flatMap((index) =>
      monthlyFindings(index, names.alias, index.name >= oldestWritten ? 'error' : 'warning'),
    ),
    ...small.flatMap((index) => obstacles(index).map((fault) => findingOf(fault))),
  ]
}

type IndexAccess = Pick<PresentIndex, 'name' | 'isClosed' | 'blocks'>

function obstacles({ name, isClosed, blocks }: IndexAccess): readonly SinkFault[] {
  if (isClosed) return [indexClosed(name, name)]
  return blocks.length > 0 ? [indexBlocked(name, blocks)] : []
}

/** Returns the findings about a monthly index. `level` is the level of findings that prevent writes. */
function monthlyFindings(index: PresentIndex, alias: string, level: 'warning' | 'error'): readonly Finding[] {
  const { name, template, hasAlias, isDurable } = index
  const found = obstacles(index)
  if (found.length > 0) return found.map((fault) => findingOf(fault, level))
  if (template === undefined) {
    return [
      {
        level: 'error',
        code: 'template-missing',
        message: `rename or delete the index ${name}, or choose another indexPrefix: it was not created from the index template`,
      },
    ]
  }
  if (!hasAlias) return [findingOf(aliasMissing({ alias }, name), level)]
  if (isDurable) return []
  return [
    {
      level: 'warning',
      code: 'translog-async',
      message: `set index.translog.durability of ${name} to request: with async, a server crash can lose records that count as written`,
    },
  ]
}
