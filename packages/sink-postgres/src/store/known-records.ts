import type { Session } from '../connection/session.ts'
import { type PartitionedTable, quoted } from '../schema/tables.ts'

/** A record that the table has. */
export interface KnownRecord {
  readonly home: string
  readonly rank: number
}

/** What is looked up: a key at the home that the record comes with. */
export interface WantedRecord {
  readonly org: string
  readonly key: string
  readonly home: string
}

export function recordId({ org, key }: { readonly org: string; readonly key: string }): string {
  return `${org}\0${key}`
}

interface KnownRow {
  org: string
  key: string
  home: string
  rank: string
}

/** By `recordId`. */
export async function findRecords(
  session: Session,
  schema: string,
  wanted: readonly WantedRecord[],
): Promise<Map<string, KnownRecord>> {
  const rows = await session.query<KnownRow>(
    `select r.org, r.key, r.home::text as home, r.rank::text as rank
    from unnest($1::text[], $2::text[], $3::date[]) as w (org, key, home)
    join ${quoted(schema)}.record r on r.home = w.home and r.org = w.org and r.key = w.key`,
    [wanted.map(({ org }) => org), wanted.map(({ key }) => key), wanted.map(({ home }) => home)],
  )
  return new Map(rows.map((row) => [recordId(row), { home: row.home, rank: Number(row.rank) }]))
}

/** The same, where the home of a record is not to be trusted: on any of these days. */
export async function findRecordsOnDays(
  session: Session,
  schema: string,
  wanted: readonly WantedRecord[],
  days: readonly string[],
): Promise<Map<string, KnownRecord>> {
  const rows = await session.query<KnownRow>(
    `select r.org, r.key, r.home::text as home, r.rank::text as rank
    from unnest($1::text[], $2::text[]) as w (org, key)
    join ${quoted(schema)}.record r on r.home = any($3::date[]) and r.org = w.org and r.key = w.key`,
    [wanted.map(({ org }) => org), wanted.map(({ key }) => key), days],
  )
  return new Map(rows.map((row) => [recordId(row), { home: row.home, rank: Number(row.rank) }]))
}

/** Ids of revisions that the second table has: `revisionId`. */
export async function findRevisions(
  session: Session,
  schema: string,
  wanted: readonly (WantedRecord & { readonly rank: number })[],
): Promise<ReadonlySet<string>> {
  const table: PartitionedTable = 'revision'
  const rows = await session.query<{ org: string; key: string; rank: string }>(
    `select r.org, r.key, r.rank::text as rank
    from unnest($1::text[], $2::text[], $3::date[], $4::bigint[]) as w (org, key, home, rank)
    join ${quoted(schema)}.${table} r on r.home = w.home and r.org = w.org and r.key = w.key and r.rank = w.rank`,
    [
      wanted.map(({ org }) => org),
      wanted.map(({ key }) => key),
      wanted.map(({ home }) => home),
      wanted.map(({ rank }) => rank),
    ],
  )
  return new Set(rows.map(({ org, key, rank }) => revisionId({ org, key, rank: Number(rank) })))
}

export function revisionId({
  org,
  key,
  rank,
}: {
  readonly org: string
  readonly key: string
  readonly rank: number
}): string {
  return `${org}\0${key}\0${rank}`
}

export async function deleteRecords(
  session: Session,
  schema: string,
  records: readonly WantedRecord[],
): Promise<void> {
  if (records.length === 0) return
  await session.query(
    `delete from ${quoted(schema)}.record r using unnest($1::text[], $2::text[], $3::date[]) as w (org, key, home)
    where r.home = w.home and r.org = w.org and r.key = w.key`,
    [records.map(({ org }) => org), records.map(({ key }) => key), records.map(({ home }) => home)],
  )
}
