import type { Session } from '../connection/session.ts'
import type { RowRecord } from '../rows/row-encoder.ts'
import type { ByKey } from './by-key.ts'
import { findRows, findRowsOnDays, type KnownRecord } from './known-records.ts'
import { doubtDays } from './positions.ts'

export interface PlacedRows {
  /** With the homes that the table has. */
  readonly placed: readonly RowRecord[]
  /** Of those: the table has as new a revision, or an older one. */
  readonly settled: ReadonlySet<RowRecord>
  readonly outranked: ReadonlySet<RowRecord>
}

/** Looks up what the table has of these rows. */
export async function placeRows(
  session: Session,
  rows: readonly RowRecord[],
  isHomeDoubtful: boolean,
  schema: string,
): Promise<PlacedRows> {
  const atHome = await findRows(session, schema, rows)
  const strangers = isHomeDoubtful
    ? rows.filter(({ record }) => atHome.get(record.org, record.key) === undefined)
    : []
  if (strangers.length === 0) return placed(rows, [atHome])
  return placed(rows, [atHome, await findRowsOnDays(session, schema, strangers, daysAround(strangers))])
}

function placed(rows: readonly RowRecord[], found: readonly ByKey<KnownRecord>[]): PlacedRows {
  const settled = new Set<RowRecord>()
  const outranked = new Set<RowRecord>()
  if (found.every(({ isEmpty }) => isEmpty)) return { placed: rows, settled, outranked }
  const all = rows.map((row) => {
    const { org, key, rank } = row.record
    const there = found[0]?.get(org, key) ?? found[1]?.get(org, key)
    if (there === undefined) return row
    const placedRow = there.home === row.home ? row : { ...row, home: there.home }
    const group = there.rank < rank ? outranked : settled
    group.add(placedRow)
    return placedRow
  })
  return { placed: all, settled, outranked }
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
