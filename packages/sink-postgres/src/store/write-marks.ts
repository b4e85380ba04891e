import type { Mark } from '@cdrstream/plugin'
import type { Connection } from '../connection/connection.ts'
import { quoted } from '../schema/tables.ts'

export async function writeMarks(connection: Connection, schema: string, marks: readonly Mark[]): Promise<void> {
  const iso = (ms: number): string => new Date(ms).toISOString()
  const gaps = marks.map((mark) =>
    JSON.stringify(mark.gaps.map(({ fromMs, toMs }) => ({ from: iso(fromMs), to: iso(toMs) }))),
  )
  await connection.query(
    `insert into ${quoted(schema)}.coverage (org, complete_through, gaps)
    select * from unnest($1::text[], $2::timestamptz[], $3::jsonb[])
    on conflict (org) do update set complete_through = excluded.complete_through, gaps = excluded.gaps, updated_at = now()
    where excluded.complete_through >= coverage.complete_through`,
    [marks.map(({ org }) => org), marks.map(({ completeThroughMs }) => iso(completeThroughMs)), gaps],
  )
}
