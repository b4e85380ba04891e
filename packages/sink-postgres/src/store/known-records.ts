import type { Session } from '../connection/session.ts'
import type { RowRecord } from '../rows/row-encoder.ts'
import { columnList } from '../rows/table-columns.ts'
import { quoted } from '../schema/tables.ts'

/** What the table has of the rows that were looked up, by their place in the list. */
export interface KnownRows {
  /** The table has the same revision, or a newer one. */
  readonly settled: ReadonlySet<number>
  /** The table has an older revision. */
  readonly outranked: ReadonlySet<number>
  /** The home in the table, where it is not the one that was looked up. */
  readonly homes: ReadonlyMap<number, string>
}

/** Each key at its home. */
export async function findRows(
  session: Session,
  schema: string,
  rows: readonly RowRecord[],
): Promise<KnownRows> {
  // Places instead of rows: as many rows as were looked up would take longer to read than to find.
  const [found] = await session.query<{ settled: number[] | null; outranked: number[] | null }>(
    `select array_agg(w.place) filter (where r.rank >= w.rank) as settled,
      array_agg(w.place) filter (where r.rank < w.rank) as outranked
    from ${wantedRows} join ${quoted(schema)}.record r on r.home = w.home and r.org = w.org and r.key = w.key`,
    valuesOf(rows),
  )
  return { settled: new Set(found?.settled), outranked: new Set(found?.outranked), homes: new Map() }
}

/** Each key on any of these days, where its home is not to be trusted. */
export async function findRowsOnDays(
  session: Session,
  schema: string,
  rows: readonly RowRecord[],
  days: readonly string[],
): Promise<KnownRows> {
  const found = await session.query<{ place: number; home: string; settled: boolean }>(
    `select w.place, r.home::text as home, r.rank >= w.rank as settled
    from ${wantedRows} join ${quoted(schema)}.record r on r.home = any($5::date[]) and r.org = w.org and r.key = w.key`,
    [...valuesOf(rows), days],
  )
  return {
    settled: new Set(found.filter(({ settled }) => settled).map(({ place }) => place)),
    outranked: new Set(found.filter(({ settled }) => !settled).map(({ place }) => place)),
    homes: new Map(found.map(({ place, home }) => [place, home])),
  }
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
