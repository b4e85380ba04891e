import type { Session } from '../connection/session.ts'
import type { RowRecord } from '../rows/row-encoder.ts'
import { columnList } from '../rows/table-columns.ts'
import { quoted } from '../schema/tables.ts'
import { ByKey } from './by-key.ts'

/** A record that the table has. */
export interface KnownRecord {
  readonly home: string
  readonly rank: number
}

/** Up to so many pairs of home and org, one condition for each column finds rows quicker than a list of triples does. */
const mostPairs = 16

/** What the table has at the homes of these rows. */
export async function findRows(
  session: Session,
  schema: string,
  rows: readonly RowRecord[],
): Promise<ByKey<KnownRecord>> {
  const orgs = [...new Set(rows.map(({ record }) => record.org))]
  const homes = [...new Set(rows.map(({ home }) => home))]
  if (orgs.length * homes.length > mostPairs) {
    const triples = `from ${wantedRows} join ${quoted(schema)}.record r on r.home = w.home and r.org = w.org and r.key = w.key`
    return find(session, triples, valuesOf(rows))
  }
  return findRowsOnDays(session, schema, rows, homes)
}

/** What the table has of these rows on any of these days, where their home is not to be trusted. */
export async function findRowsOnDays(
  session: Session,
  schema: string,
  rows: readonly RowRecord[],
  days: readonly string[],
): Promise<ByKey<KnownRecord>> {
  const condition = 'r.home = any($1::date[]) and r.org = any($2::text[]) and r.key = any($3::text[])'
  const orgs = [...new Set(rows.map(({ record }) => record.org))]
  return find(session, `from ${quoted(schema)}.record r where ${condition}`, [
    days,
    orgs,
    rows.map(({ record }) => record.key),
  ])
}

/** As a JSON of each column: as many rows as were looked up would take longer to read than to find. */
async function find(session: Session, from: string, values: readonly unknown[]): Promise<ByKey<KnownRecord>> {
  const [found] = await session.query<{
    orgs: readonly string[] | null
    keys: readonly string[]
    homes: readonly string[]
    ranks: readonly number[]
  }>(
    `select json_agg(r.org) as orgs, json_agg(r.key) as keys, json_agg(r.home) as homes, json_agg(r.rank) as ranks ${from}`,
    values,
  )
  const known = new ByKey<KnownRecord>()
  if (found === undefined || found.orgs === null) return known
  const { orgs, keys, homes, ranks } = found
  for (const [at, org] of orgs.entries())
    known.set(org, keys[at] ?? '', { home: homes[at] ?? '', rank: ranks[at] ?? Number.NaN })
  return known
}

/** The places of the revisions that the second table has. */
export async function findRevisions(
  session: Session,
  schema: string,
  rows: readonly RowRecord[],
): Promise<ReadonlySet<number>> {
  const [found] = await session.query<{ places: number[] | null }>(
    `select array_agg(w.place) as places
    from ${wantedRows} join ${quoted(schema)}.revision r
      on r.home = w.home and r.org = w.org and r.key = w.key and r.rank = w.rank`,
    valuesOf(rows),
  )
  return new Set(found?.places)
}

/** Takes rows out that these outrank; into the second table, if earlier revisions are kept and it lacks them. */
export async function removeRows(
  session: Session,
  rows: readonly RowRecord[],
  options: { readonly schema: string; readonly keepRevisions: boolean; readonly rawText: boolean },
): Promise<void> {
  if (rows.length === 0) return
  const schema = quoted(options.schema)
  const columns = columnList(options)
  const removal = `delete from ${schema}.record r using ${wantedRows}
    where r.home = w.home and r.org = w.org and r.key = w.key and r.rank < w.rank`
  const statement = options.keepRevisions
    ? `with gone as (${removal} returning r.*)
      insert into ${schema}.revision (${columns}) select ${columns} from gone on conflict do nothing`
    : removal
  await session.query(statement, valuesOf(rows))
}

const wantedRows = `(select org, key, home, rank, (number - 1)::integer as place
      from unnest($1::text[], $2::text[], $3::date[], $4::bigint[]) with ordinality as n (org, key, home, rank, number)) as w`

function valuesOf(rows: readonly RowRecord[]): readonly unknown[] {
  return [
    rows.map(({ record }) => record.org),
    rows.map(({ record }) => record.key),
    rows.map(({ home }) => home),
    rows.map(({ record }) => record.rank),
  ]
}
