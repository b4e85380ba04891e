import type { Connection } from '../connection/connection.ts'
import type { TableRow } from '../rows/row-encoder.ts'
import { daysAround } from './days-around.ts'
import { findRows, type KnownRows } from './known-records.ts'

export interface PlacedRows {
  /** All rows, with their homes in the table. */
  readonly placed: readonly TableRow[]
  /** The rows whose keys are not in the table. */
  readonly fresh: readonly TableRow[]
  /** The rows that are newer than the revisions in the table. */
  readonly outranking: readonly TableRow[]
}

/** Looks up rows in the table. No two rows may have the same org and key. */
export async function placeRows(
  connection: Connection,
  rows: readonly TableRow[],
  isHomeDoubtful: boolean,
  schema: string,
): Promise<PlacedRows> {
  const homes = new Set(rows.map(({ home }) => home))
  const known = await findRows(connection, schema, rows, [...homes])
  if (!isHomeDoubtful) return place(rows, known)
  const unknown = rows.filter((_, at) => known[at] === undefined)
  if (unknown.length === 0) return place(rows, known)
  const elsewhere = await findRows(
    connection,
    schema,
    unknown,
    daysAround(unknown.map(({ record }) => record.acceptedAtMs)),
  )
  const remaining = elsewhere.values()
  return place(
    rows,
    known.map((stored) => stored ?? remaining.next().value),
  )
}

function place(rows: readonly TableRow[], known: KnownRows): PlacedRows {
  const placed: TableRow[] = []
  const fresh: TableRow[] = []
  const outranking: TableRow[] = []
  for (const [at, row] of rows.entries()) {
    const stored = known[at]
    const placedRow = stored === undefined || stored.home === row.home ? row : { ...row, home: stored.home }
    placed.push(placedRow)
    if (stored === undefined) fresh.push(placedRow)
    else if (stored.rank < row.record.rank) outranking.push(placedRow)
  }
  return { placed, fresh, outranking }
}
