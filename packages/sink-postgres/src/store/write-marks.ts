import { type Mark, type MarkGap, mergeMark, type StoredMark } from '@cdrstream/plugin'
import type { Connection } from '../connection/connection.ts'
import { lockStatement } from '../schema/lock.ts'
import { literal, quoted } from '../schema/tables.ts'

/** An entry in the `gaps` column. Earlier versions of the sink stored no reason. */
interface StoredGap {
  readonly from: string
  readonly to: string
  readonly reason?: MarkGap['reason']
}

interface CoverageRow {
  readonly org: string
  readonly complete_through: Date
  readonly gaps: readonly StoredGap[]
}

/** Merges marks with the stored ones, in one transaction that holds the writers' lock. */
export async function writeMarks(
  connection: Connection,
  schema: string,
  marks: readonly Mark[],
): Promise<void> {
  const orgs = marks.map(({ org }) => literal(org))
  if (orgs.length === 0) return
  const rows = await connection.begin<CoverageRow>([
    lockStatement(schema),
    `select org, complete_through, gaps from ${quoted(schema)}.coverage where org in (${orgs.join()})`,
  ])
  const stored = new Map(rows.map((row) => [row.org, storedMark(row)]))
  const merged = marks.flatMap((mark) => {
    const result = mergeMark(stored.get(mark.org), mark)
    return result === undefined ? [] : [{ org: mark.org, ...result }]
  })
  await connection.query(
    `insert into ${quoted(schema)}.coverage (org, complete_through, gaps)
    select * from unnest($1::text[], $2::timestamptz[], $3::jsonb[])
    on conflict (org) do update set complete_through = excluded.complete_through, gaps = excluded.gaps, updated_at = now()`,
    [
      merged.map(({ org }) => org),
      merged.map(({ completeThroughMs }) => timeOf(completeThroughMs)),
      merged.map(({ gaps }) => JSON.stringify(gaps.map(storedGap))),
    ],
  )
  await connection.commit()
}

function storedMark({ complete_through, gaps }: CoverageRow): StoredMark {
  return {
    completeThroughMs: complete_through.getTime(),
    gaps: gaps.map(({ from, to, reason = 'not-collected' }) => ({
      fromMs: Date.parse(from),
      toMs: Date.parse(to),
      reason,
    })),
  }
}

function storedGap({ fromMs, toMs, reason }: MarkGap): StoredGap {
  return { from: timeOf(fromMs), to: timeOf(toMs), reason }
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString()
}
