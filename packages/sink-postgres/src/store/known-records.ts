import type { Session } from '../connection/session.ts'
import type { RowRecord } from '../rows/row-encoder.ts'
import { columnList } from '../rows/table-columns.ts'
import { quoted } from '../schema/tables.ts'
import { placesByKey } from './places-by-key.ts'
import { textArray } from './text-array.ts'

/** Where the table has a record, and in which revision. */
interface KnownRecord {
  readonly home: string
  readonly rank: number
}

/** What the table has of each row, in their order; undefined where it has nothing. */
export type KnownRows = readonly (KnownRecord | undefined)[]

/** Up to so many pairs of home and org, one condition for each column finds rows quicker than a list of triples does. */
const mostPairs = 16

/** What the table has at the homes of these rows, of which no two have the same org and key; in the order of `rowsOf`. */
export async function findRows(
  session: Session,
  schema: string,
  rows: readonly RowRecord[],
): Promise<KnownRows> {
  const parts = partsOf(rows)
  if (parts.homes.length * parts.orgs.length <= mostPairs) return find(session, schema, rows, parts)
  const triples = `${wantedRows} join ${quoted(schema)}.record r on r.home = w.home and r.org = w.org and r.key = w.key`
  return findEach(session, rows, `select ${foundColumns} from ${triples}`, valuesOf(rows))
}

/** The same on any of these days, where the homes of the rows are not to be trusted. */
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

async function find(
  session: Session,
  schema: string,
  rows: readonly RowRecord[],
  { orgs, homes, keys }: Parts,
): Promise<KnownRows> {
  const wanted = textArray(keys)
  const [org, home] = [orgs[0], homes[0]]
  if (wanted.isAscii && orgs.length === 1 && org !== undefined && homes.length === 1 && home !== undefined)
    return findInOrder(session, schema, rows, [home, org, wanted.bytes])
  const condition = 'r.home = any($1::date[]) and r.org = any($2::text[]) and r.key = any($3::text[])'
  const statement = `select ${foundColumns} from ${quoted(schema)}.record r where ${condition}`
  return findEach(session, rows, statement, [homes, orgs, wanted.bytes])
}

/** Of ASCII, the order that JavaScript has; and that of the primary key. */
const keyOrder = 'r.key collate "C"'

/** As a JSON of each column: as many rows as were looked up would take longer to read than to find. */
interface FoundInOrder {
  /** Null: nothing was found. */
  readonly ranks: readonly number[] | null
  /** Null: each of the keys was found, or none. */
  readonly keys: readonly string[] | null
}

/** Of one org and one home. Answers in the order of the keys, so that they need not come back when all are there. */
async function findInOrder(
  session: Session,
  schema: string,
  rows: readonly RowRecord[],
  wanted: readonly [home: string, org: string, keys: Buffer],
): Promise<KnownRows> {
  const [found] = await session.query<FoundInOrder>(
    `select json_agg(r.rank order by ${keyOrder}) as ranks,
      case when count(*) < cardinality($3::text[]) then to_json(array_agg(r.key order by ${keyOrder})) end as keys
    from ${quoted(schema)}.record r where r.home = $1::date and r.org = $2::text and r.key = any($3::text[])`,
    wanted,
  )
  const { ranks, keys } = found ?? { ranks: null, keys: null }
  if (ranks === null) return rows.map(() => undefined)
  const [home] = wanted
  let at = 0
  return rows.map(({ record }) => {
    if (keys !== null && record.key !== keys[at]) return undefined
    const rank = ranks[at] ?? Number.NaN
    at += 1
    return { home, rank }
  })
}

interface FoundColumns {
  /** Null: nothing was found. */
  readonly keys: readonly string[] | null
  readonly ranks: readonly number[]
  readonly orgs: readonly string[]
  readonly homes: readonly string[]
}

const foundColumns =
  'json_agg(r.key) as keys, json_agg(r.rank) as ranks, json_agg(r.org) as orgs, json_agg(r.home) as homes'

async function findEach(
  session: Session,
  rows: readonly RowRecord[],
  statement: string,
  values: readonly unknown[],
): Promise<KnownRows> {
  const finding = session.query<FoundColumns>(statement, values)
  // While the server looks.
  const places = placesByKey(rows)
  const [found] = await finding
  const known: (KnownRecord | undefined)[] = rows.map(() => undefined)
  for (const [at, key] of (found?.keys ?? []).entries()) {
    const place = places.get(found?.orgs[at] ?? '')?.get(key)
    if (place !== undefined)
      known[place] = { home: found?.homes[at] ?? '', rank: found?.ranks[at] ?? Number.NaN }
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
