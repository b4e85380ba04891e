import type { Connection } from '../connection/connection.ts'
import type { TableRow } from '../rows/row-encoder.ts'
import { columnList } from '../rows/table-columns.ts'
import { quoted } from '../schema/tables.ts'
import { textArray } from './text-array.ts'

/** A record's home and rank in the table. */
interface KnownRecord {
  readonly home: string
  readonly rank: number
}

/** What a lookup needs to know about a row. */
interface KeyedRow {
  readonly record: { readonly org: string; readonly key: string }
}

/** What the table has for each row, in the same order. Undefined for a row that is not in the table. */
export type KnownRows = readonly (KnownRecord | undefined)[]

/** Each column as a JSON array, because reading one row per key would take longer than the lookup. */
interface FoundColumns {
  /** Null for a row that was not found. The array itself is null if there were no rows to look up. */
  readonly ranks: readonly (number | null)[] | null
  readonly homes?: readonly (string | null)[]
}

/**
 * Returns what the table has for these rows on any of these days. The lookup uses the hash index on `key`,
 * which is faster than the primary key. More days in the same month cost nothing.
 */
export async function findRows(
  connection: Connection,
  schema: string,
  rows: readonly KeyedRow[],
  days: readonly string[],
): Promise<KnownRows> {
  const [firstDay = ''] = days
  const wanted = wantedKeys(rows)
  const [found] = await connection.query<FoundColumns>(
    `select json_agg(r.rank order by w.place) as ranks
      ${days.length > 1 ? ', json_agg(r.home order by w.place) as homes' : ''}
    from ${wanted.keys} left join lateral (
      select home, rank from ${quoted(schema)}.record where key = w.key and org = ${wanted.org} and home = any($1::date[]) limit 1
    ) as r on true`,
    [days, ...wanted.values],
  )
  const { ranks, homes } = found ?? { ranks: null }
  return rows.map((_, at) => {
    const rank = ranks?.[at] ?? null
    return rank === null ? undefined : { home: homes?.[at] ?? firstDay, rank }
  })
}

/**
 * Returns SQL for the keys of these rows, in order, as a table `w`, and for their org. An org that all rows
 * share is sent only once.
 */
function wantedKeys(rows: readonly KeyedRow[]) {
  const keys = textArray(rows.map(({ record }) => record.key))
  const orgs = rows.map(({ record }) => record.org)
  const [org] = orgs
  return orgs.every((other) => other === org)
    ? { keys: 'unnest($2::text[]) with ordinality as w (key, place)', org: '$3::text', values: [keys, org] }
    : {
        keys: 'unnest($2::text[], $3::text[]) with ordinality as w (key, org, place)',
        org: 'w.org',
        values: [keys, textArray(orgs)],
      }
}

/** Returns the positions in `rows` of the revisions that the table `revision` already has. */
export async function findRevisions(
  connection: Connection,
  schema: string,
  rows: readonly TableRow[],
): Promise<ReadonlySet<number>> {
  const [found] = await connection.query<{ places: number[] | null }>(
    `select array_agg(w.place) as places
    from ${wantedRows} join ${quoted(schema)}.revision r
      on r.home = w.home and r.org = w.org and r.key = w.key and r.rank = w.rank`,
    valuesOf(rows),
  )
  return new Set(found?.places)
}

/**
 * Removes the stored rows with a lower rank than these. If earlier revisions are kept, moves them to the
 * table `revision`, unless it already has them.
 */
export async function removeRows(
  connection: Connection,
  rows: readonly TableRow[],
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
  await connection.query(statement, valuesOf(rows))
}

const wantedRows = `(select org, key, home, rank, (number - 1)::integer as place
      from unnest($1::text[], $2::text[], $3::date[], $4::bigint[]) with ordinality as n (org, key, home, rank, number)) as w`

function valuesOf(rows: readonly TableRow[]): readonly unknown[] {
  return [
    rows.map(({ record }) => record.org),
    rows.map(({ record }) => record.key),
    rows.map(({ home }) => home),
    rows.map(({ record }) => record.rank),
  ]
}
