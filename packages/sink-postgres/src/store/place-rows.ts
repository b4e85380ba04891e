import type { Connection } from '../connection/connection.ts'
import type { TableRow } from '../rows/row-encoder.ts'
import { daysAround } from './days-around.ts'
import { findRows, type KnownRows } from './known-records.ts'

export interface PlacedRows {
  /** All rows, with the homes that the table has. */
  readonly placed: readonly TableRow[]
  /** Those whose keys are missing from the table. */
  readonly fresh: readonly TableRow[]
  /** Those that are newer revisions of what the table has. */
  readonly outranking: readonly TableRow[]
}

/** Looks up these rows in the table. No two of them have the same org and key. */
export async function placeRows(
  connection: Connection,
  rows: readonly TableRow[],
  isHomeDoubtful: boolean,
  schema: string,
): Promise<PlacedRows> {
  const homes = new Set(rows.map(({ home }) => home))
  const known = await findRows(connection, schema, rows, [...homes])
  if (!isHomeDoubtful) return place(rows, known)
  const strangers = rows.filter((_, at) => known[at] === undefined)
  if (strangers.length === 0) return place(rows, known)
  const elsewhere = await findRows(
    connection,
    schema,
    strangers,
    daysAround(strangers.map(({ record }) => record.acceptedAtMs)),
  )
  const ofStrangers = elsewhere.values()
  return place(
    rows,
    known.map((there) => there ?? ofStrangers.next().value),
  )
}

function place(rows: readonly TableRow[], known: KnownRows): PlacedRows {
  const placed: TableRow[] = []
  const fresh: TableRow[] = []
  const outranking: TableRow[] = []
  for (const [at, row] of rows.entries()) {
    const there = known[at]
    const placedRow = there === undefined || there.home === row.home ? row : { ...row, home: there.home }
    placed.push(placedRow)
    if (there === undefined) fresh.push(placedRow)
    else if (there.rank < row.record.rank) outranking.push(placedRow)
  }
  return { placed, fresh, outranking }
}
