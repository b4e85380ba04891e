import type { Batch, CdrRecord, Refusal } from '@cdrstream/plugin'
import type { Session } from '../connection/session.ts'
import { RowEncoder, type RowRecord } from '../rows/row-encoder.ts'
import { columnList } from '../rows/table-columns.ts'
import { lockStatement } from '../schema/lock.ts'
import { type PartitionedTable, quoted } from '../schema/tables.ts'
import {
  findRevisions,
  findRows,
  findRowsOnDays,
  idOf,
  type KnownRecords,
  removeRows,
} from './known-records.ts'
import { doubtDays, readStanding, storePosition } from './positions.ts'

export interface WriteOptions {
  readonly schema: string
  readonly sink: string
  readonly rawText: boolean
  readonly keepRevisions: boolean
}

/**
 * Writes a batch and the position behind it, in one transaction: looks up what is known, removes what is outranked, and copies in what
 * is new. Of several writers one is here at a time, so that what was looked up stays true.
 */
export async function writeBatch(
  session: Session,
  batch: Batch,
  options: WriteOptions,
): Promise<readonly Refusal[]> {
  const { schema, sink } = options
  return session.transaction(async () => {
    await session.run([lockStatement(schema)])
    const { isRewound, isHomeDoubtful } = await readStanding(session, schema, sink, batch)
    const refused = await writeRecords(session, batch.records, isHomeDoubtful, options)
    await storePosition(session, schema, sink, batch.to, isRewound)
    return refused
  })
}

async function writeRecords(
  session: Session,
  records: readonly CdrRecord[],
  isHomeDoubtful: boolean,
  options: WriteOptions,
): Promise<readonly Refusal[]> {
  const { rows, refused } = rowsOf(records)
  const { placed, settled, outranked } = await place(
    session,
    newestOfEachKey(rows),
    isHomeDoubtful,
    options.schema,
  )
  const wanted = placed.filter((row) => !settled.has(row))
  // Written before their elders are removed: one that is refused leaves its elder as it is.
  const encoder = new RowEncoder(options)
  const replacing = wanted.filter((row) => outranked.has(row) && encoder.add(row))
  await removeRows(session, replacing, options)
  await copyRows(
    session,
    'record',
    encoder,
    wanted.filter((row) => !outranked.has(row)),
    options,
  )
  const others = options.keepRevisions ? await writeRevisions(session, rows, placed, options) : []
  return distinct([...refused, ...encoder.refused, ...others])
}

/** An entry of an index has at most 2,700 bytes. */
const mostKeyCharacters = 500

/** A key that no column can hold cannot be looked up either: refused. */
function rowsOf(records: readonly CdrRecord[]): {
  readonly rows: readonly RowRecord[]
  readonly refused: readonly Refusal[]
} {
  const rows: RowRecord[] = []
  const refused: Refusal[] = []
  for (const [index, record] of records.entries()) {
    if (isKeyText(record.org) && isKeyText(record.key))
      rows.push({ index, record, id: idOf(record), home: record.home })
    else refused.push({ index, reason: 'its key is too long, or no text that PostgreSQL can hold' })
  }
  return { rows, refused }
}

function isKeyText(text: string): boolean {
  return text.length <= mostKeyCharacters && text.isWellFormed() && !text.includes('\0')
}

function newestOfEachKey(rows: readonly RowRecord[]): readonly RowRecord[] {
  const newest = new Map<string, RowRecord>()
  for (const row of rows) {
    const other = newest.get(row.id)
    if (other === undefined || other.record.rank < row.record.rank) newest.set(row.id, row)
  }
  return [...newest.values()]
}

interface PlacedRows {
  /** With the homes that the table has. */
  readonly placed: readonly RowRecord[]
  /** Of those: the table has as new a revision, or an older one. */
  readonly settled: ReadonlySet<RowRecord>
  readonly outranked: ReadonlySet<RowRecord>
}

async function place(
  session: Session,
  rows: readonly RowRecord[],
  isHomeDoubtful: boolean,
  schema: string,
): Promise<PlacedRows> {
  const atHome = await findRows(session, schema, rows)
  const strangers = isHomeDoubtful ? rows.filter(({ id }) => !atHome.has(id)) : []
  if (strangers.length === 0) return placeRows(rows, atHome)
  const elsewhere = await findRowsOnDays(session, schema, strangers, daysAround(strangers))
  return placeRows(rows, new Map([...elsewhere, ...atHome]))
}

function placeRows(rows: readonly RowRecord[], known: KnownRecords): PlacedRows {
  const settled = new Set<RowRecord>()
  const outranked = new Set<RowRecord>()
  if (known.size === 0) return { placed: rows, settled, outranked }
  const placed = rows.map((row) => {
    const there = known.get(row.id)
    if (there === undefined) return row
    const placedRow = { ...row, home: there.home }
    const group = there.rank < row.record.rank ? outranked : settled
    group.add(placedRow)
    return placedRow
  })
  return { placed, settled, outranked }
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

async function writeRevisions(
  session: Session,
  rows: readonly RowRecord[],
  placed: readonly RowRecord[],
  options: WriteOptions,
): Promise<readonly Refusal[]> {
  const homes = new Map(placed.map((row) => [row.id, row.home]))
  const distinctRows = new Map(
    rows.map((row) => [`${row.id}\0${row.record.rank}`, { ...row, home: homes.get(row.id) ?? row.home }]),
  )
  const wanted = [...distinctRows.values()]
  const known = await findRevisions(session, options.schema, wanted)
  const encoder = new RowEncoder(options)
  await copyRows(
    session,
    'revision',
    encoder,
    wanted.filter((_, at) => !known.has(at)),
    options,
  )
  return encoder.refused
}

async function copyRows(
  session: Session,
  table: PartitionedTable,
  encoder: RowEncoder,
  rows: readonly RowRecord[],
  options: WriteOptions,
): Promise<void> {
  if (rows.length === 0 && !encoder.hasRows) return
  await session.copy(
    `copy ${quoted(options.schema)}.${table} (${columnList(options)}) from stdin (format binary)`,
    partsOf(encoder, rows),
  )
}

const partBytes = 1 << 18

function* partsOf(encoder: RowEncoder, rows: readonly RowRecord[]): Generator<Buffer> {
  for (const row of rows) {
    encoder.add(row)
    if (encoder.bytes >= partBytes) yield encoder.take()
  }
  yield encoder.end()
}

function distinct(refused: readonly Refusal[]): readonly Refusal[] {
  return [...new Map(refused.map((refusal) => [refusal.index, refusal])).values()]
}
