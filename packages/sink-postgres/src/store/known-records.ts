import type { Session } from '../connection/session.ts'
import type { RowRecord } from '../rows/row-encoder.ts'
import { columnList } from '../rows/table-columns.ts'
import { quoted } from '../schema/tables.ts'

/** A record that the table has. */
interface KnownRecord {
  readonly home: string
  readonly rank: number
}

/** By `idOf`. */
export type KnownRecords = ReadonlyMap<string, KnownRecord>

export function idOf({ org, key }: { readonly org: string; readonly key: string }): string {
  return `${org}\0${key}`
}

/** Up to so many pairs of home and org, one condition for each column finds rows quicker than a list of triples does. */
const mostPairs = 16

/** What the table has at the homes of these rows. */
export async function findRows(
  session: Session,
  schema: string,
  rows: readonly RowRecord[],
): Promise<KnownRecords> {
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
): Promise<KnownRecords> {
  const condition = 'r.home = any($1::date[]) and r.org = any($2::text[]) and r.key = any($3::text[])'
  const orgs = [...new Set(rows.map(({ record }) => record.org))]
  return find(session, `from ${quoted(schema)}.record r where ${condition}`, [
    days,
    orgs,
    rows.map(({ record }) => record.key),
  ])
}

/** As one JSON: as many rows as were looked up would take longer to read than to find. */
async function find(session: Session, from: string, values: readonly unknown[]): Promise<KnownRecords> {
  const [found] = await session.query<{
    rows: readonly (readonly [org: string, key: string, home: string, rank: number])[] | null
  }>(`select json_agg(json_build_array(r.org, r.key, r.home, r.rank)) as rows ${from}`, values)
  return new Map((found?.rows ?? []).map(([org, key, home, rank]) => [idOf({ org, key }), { home, rank }]))
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
