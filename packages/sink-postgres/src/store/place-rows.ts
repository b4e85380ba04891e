import type { Session } from '../connection/session.ts'
import type { RowRecord } from '../rows/row-encoder.ts'
import { type KnownRows, lookUpRows, lookUpRowsOnDays } from './known-records.ts'
import { doubtDays } from './positions.ts'
import { newestOfEachKey } from './rows-of.ts'

export interface PlacedRows {
  /** The newest of each key, in the order of the keys, with the homes that the table has. */
  readonly placed: readonly RowRecord[]
  /** Of those, what the table lacks. */
  readonly fresh: readonly RowRecord[]
  /** Of those, newer revisions of what the table has. */
  readonly outranking: readonly RowRecord[]
}

/** Looks up what the table has of these rows, which are in the order of their keys. */
export async function placeRows(
  session: Session,
  rows: readonly RowRecord[],
  isHomeDoubtful: boolean,
  schema: string,
): Promise<PlacedRows> {
  const lookUp = lookUpRows(session, schema, rows)
  // While the server looks.
  const newest = newestOfEachKey(rows)
  const known = (await lookUp)(newest)
  if (!isHomeDoubtful) return place(newest, known)
  const strangers = newest.filter((_, at) => known[at] === undefined)
  if (strangers.length === 0) return place(newest, known)
  const elsewhere = await lookUpRowsOnDays(session, schema, strangers, daysAround(strangers))
  const ofStrangers = elsewhere(strangers).values()
  return place(
    newest,
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
