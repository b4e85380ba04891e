import type { Session } from '../connection/session.ts'
import type { RowRecord } from '../rows/row-encoder.ts'
import { columnList } from '../rows/table-columns.ts'
import { quoted } from '../schema/tables.ts'
import { placesByKey } from './places-by-key.ts'

/** Where the table has a record, and in which revision. */
interface KnownRecord {
  readonly home: string
  readonly rank: number
}

/** What the table has of each row, in their order; undefined where it has nothing. */
export type KnownRows = readonly (KnownRecord | undefined)[]

/** Up to so many pairs of home and org, one condition for each column finds rows quicker than a list of triples does. */
const mostPairs = 16

/** What the table has at the homes of these rows, of which no two have the same org and key. */
export async function findRows(
  session: Session,
  schema: string,
  rows: readonly RowRecord[],
): Promise<KnownRows> {
  const parts = partsOf(rows)
  if (parts.homes.length * parts.orgs.length <= mostPairs) return find(session, schema, rows, parts)
  const triples = `${wantedRows} join ${quoted(schema)}.record r on r.home = w.home and r.org = w.org and r.key = w.key`
  const found = session.query<FoundColumns>(`select ${columnsOf(parts)} from ${triples}`, valuesOf(rows))
  return readFound(rows, parts, found)
}

/** What the table has of these rows on any of these days, where their home is not to be trusted. */
export async function findRowsOnDays(
  session: Session,
  schema: string,
  rows: readonly RowRecord[],
  days: readonly string[],
): Promise<KnownRows> {
  return find(session, schema, rows, { ...partsOf(rows), homes: days })
}

/** What is looked for, column by column: each org and each home once. */
interface Parts {
  readonly orgs: readonly string[]
  readonly homes: readonly string[]
  readonly keys: readonly string[]
}

function partsOf(rows: readonly RowRecord[]): Parts {
  const orgs = new Set<string>()
  const homes = new Set<string>()
  const keys: string[] = []
  for (const { record, home } of rows) {
    orgs.add(record.org)
    homes.add(home)
    keys.push(record.key)
  }
  return { orgs: [...orgs], homes: [...homes], keys }
}

function find(
  session: Session,
  schema: string,
  rows: readonly RowRecord[],
  parts: Parts,
): Promise<KnownRows> {
  const condition = 'r.home = any($1::date[]) and r.org = any($2::text[]) and r.key = any($3::text[])'
  const found = session.query<FoundColumns>(
    `select ${columnsOf(parts)} from ${quoted(schema)}.record r where ${condition}`,
    [parts.homes, parts.orgs, parts.keys],
  )
  return readFound(rows, parts, found)
}

/** As a JSON of each column: as many rows as were looked up would take longer to read than to find. */
interface FoundColumns {
  /** Null: nothing was found. */
  readonly keys: readonly string[] | null
  readonly ranks: readonly number[]
  /** Null: there is only one in question. */
  readonly orgs: readonly string[] | null
  readonly homes: readonly string[] | null
}

function columnsOf({ orgs, homes }: Parts): string {
  const listOf = (column: string, values: readonly string[]) =>
    values.length === 1 ? 'null' : `json_agg(${column})`
  return `json_agg(r.key) as keys, json_agg(r.rank) as ranks, ${listOf('r.org', orgs)} as orgs, ${listOf('r.home', homes)} as homes`
}

async function readFound(
  rows: readonly RowRecord[],
  parts: Parts,
  finding: Promise<readonly FoundColumns[]>,
): Promise<KnownRows> {
  // While the server looks.
  const places = placesByKey(rows)
  const [found] = await finding
  const known: (KnownRecord | undefined)[] = rows.map(() => undefined)
  for (const [at, key] of (found?.keys ?? []).entries()) {
    const org = found?.orgs?.[at] ?? parts.orgs[0] ?? ''
    const home = found?.homes?.[at] ?? parts.homes[0] ?? ''
    const place = places.get(org)?.get(key)
    if (place !== undefined) known[place] = { home, rank: found?.ranks[at] ?? Number.NaN }
  }
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
