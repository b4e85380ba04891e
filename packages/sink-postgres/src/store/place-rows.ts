import type { Connection } from '../connection/connection.ts'
import type { RowRecord } from '../rows/row-encoder.ts'
import { findRows, type KnownRows } from './known-records.ts'
import { doubtDays } from './positions.ts'

export interface PlacedRows {
  /** With the homes that the table has. */
  readonly placed: readonly RowRecord[]
  /** Of those, what the table lacks. */
  readonly fresh: readonly RowRecord[]
  /** Of those, newer revisions of what the table has. */
  readonly outranking: readonly RowRecord[]
}

/** Looks up what the table has of these rows, of which no two have the same org and key. */
export async function placeRows(
  connection: Connection,
  rows: readonly RowRecord[],
  isHomeDoubtful: boolean,
  schema: string,
): Promise<PlacedRows> {
  const homes = new Set(rows.map(({ home }) => home))
  const known = await findRows(connection, schema, rows, [...homes])
  if (!isHomeDoubtful) return place(rows, known)
  const strangers = rows.filter((_, at) => known[at] === undefined)
  if (strangers.length === 0) return place(rows, known)
  const elsewhere = await findRows(connection, schema, strangers, daysAround(strangers))
  const ofStrangers = elsewhere.values()
  return place(
    rows,
    known.map((there) => there ?? ofStrangers.next().value),
  )
}

function place(rows: readonly RowRecord[], known: KnownRows): PlacedRows {
  const placed: RowRecord[] = []
  const fresh: RowRecord[] = []
  const outranking: RowRecord[] = []
  for (const [at, row] of rows.entries()) {
    const there = known[at]
    const placedRow = there === undefined || there.home === row.home ? row : { ...row, home: there.home }
    placed.push(placedRow)
    if (there === undefined) fresh.push(placedRow)
    else if (there.rank < row.record.rank) outranking.push(placedRow)
  }
  return { placed, fresh, outranking }
}

const dayMs = 86_400_000

/** Where another journal may have put a key that ours took at these times. */
function daysAround(rows: readonly RowRecord[]): readonly string[] {
  let firstMs = Number.POSITIVE_INFINITY
  let lastMs = Number.NEGATIVE_INFINITY
  for (const { record } of rows) {
    firstMs = Math.min(firstMs, record.acceptedAtMs - doubtDays * dayMs)
    lastMs = Math.max(lastMs, record.acceptedAtMs + doubtDays * dayMs)
  }
  const days: string[] = []
  for (let atMs = firstMs; atMs < lastMs + dayMs; atMs += dayMs)
    days.push(new Date(atMs).toISOString().slice(0, 10))
  return days
}
