import type { Batch, CdrRecord, Refusal } from '@cdrstream/plugin'
import type { Session } from '../connection/session.ts'
import { encodeRows, type RowRecord } from '../rows/encode-rows.ts'
import { tableColumns } from '../rows/table-columns.ts'
import { lockStatement } from '../schema/lock.ts'
import { type PartitionedTable, quoted } from '../schema/tables.ts'
import {
  deleteRecords,
  findRecords,
  findRecordsOnDays,
  findRevisions,
  type KnownRecord,
  recordId,
  revisionId,
  type WantedRecord,
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
  const { fit, refused } = separate(records)
  const known = await find(session, fit, isHomeDoubtful, options.schema)
  const homes = homesOf(fit, known)
  const placed = fit.map(({ index, record }) => ({
    index,
    record,
    home: homes.get(recordId(record)) ?? record.home,
  }))
  const newest = newestOfEachKey(placed).filter(
    ({ record }) => record.rank > (known.get(recordId(record))?.rank ?? -1),
  )
  const rows = encodeRows(newest, options)
  const refusedIndexes = new Set(rows.refused.map(({ index }) => index))
  const outranked = newest.filter(
    ({ index, record }) => known.has(recordId(record)) && !refusedIndexes.has(index),
  )
  await deleteRecords(
    session,
    options.schema,
    outranked.map(({ record, home }) => ({ org: record.org, key: record.key, home })),
  )
  if (newest.length > rows.refused.length) await copyInto(session, 'record', rows.bytes, options)
  const revisionsRefused = options.keepRevisions ? await writeRevisions(session, placed, options) : []
  return distinct([...refused, ...rows.refused, ...revisionsRefused])
}

/** A key that no column can hold cannot be looked up either. */
function separate(records: readonly CdrRecord[]): {
  readonly fit: readonly { readonly index: number; readonly record: CdrRecord }[]
  readonly refused: readonly Refusal[]
} {
  const all = records.map((record, index) => ({ index, record }))
  const isFit = ({ record: { org, key } }: { readonly record: CdrRecord }): boolean =>
    [org, key].every(
      (text) => text.isWellFormed() && !text.includes('\0') && text.length <= mostKeyCharacters,
    )
  return {
    fit: all.filter(isFit),
    refused: all
      .filter((one) => !isFit(one))
      .map(({ index }) => ({ index, reason: 'its key is too long, or no text that PostgreSQL can hold' })),
  }
}

/** An entry of an index has at most 2,700 bytes. */
const mostKeyCharacters = 500

async function find(
  session: Session,
  fit: readonly { readonly record: CdrRecord }[],
  isHomeDoubtful: boolean,
  schema: string,
): Promise<Map<string, KnownRecord>> {
  const wanted: readonly WantedRecord[] = [
    ...new Map(fit.map(({ record }) => [recordId(record), record])).values(),
  ]
  const known = await findRecords(session, schema, wanted)
  if (!isHomeDoubtful) return known
  const unknown = wanted.filter((record) => !known.has(recordId(record)))
  if (unknown.length === 0) return known
  const elsewhere = await findRecordsOnDays(
    session,
    schema,
    unknown,
    daysAround(fit.map(({ record }) => record)),
  )
  return new Map([...known, ...elsewhere])
}

const dayMs = 86_400_000

/** Where another journal may have put a key that ours took at these times. */
function daysAround(records: readonly CdrRecord[]): readonly string[] {
  let firstMs = Number.POSITIVE_INFINITY
  let lastMs = Number.NEGATIVE_INFINITY
  for (const { acceptedAtMs, home } of records) {
    const homeMs = Date.parse(home)
    firstMs = Math.min(firstMs, acceptedAtMs - doubtDays * dayMs, homeMs)
    lastMs = Math.max(lastMs, acceptedAtMs + doubtDays * dayMs, homeMs)
  }
  const days: string[] = []
  for (let atMs = firstMs; atMs < lastMs + dayMs; atMs += dayMs)
    days.push(new Date(atMs).toISOString().slice(0, 10))
  return days
}

/** The home of each key: where it lies already, else where its first record here says. */
function homesOf(
  fit: readonly { readonly record: CdrRecord }[],
  known: ReadonlyMap<string, KnownRecord>,
): ReadonlyMap<string, string> {
  const homes = new Map<string, string>()
  for (const { record } of fit) {
    const id = recordId(record)
    if (!homes.has(id)) homes.set(id, known.get(id)?.home ?? record.home)
  }
  return homes
}

function newestOfEachKey(placed: readonly RowRecord[]): readonly RowRecord[] {
  const newest = new Map<string, RowRecord>()
  for (const row of placed) {
    const id = recordId(row.record)
    const other = newest.get(id)
    if (other === undefined || other.record.rank < row.record.rank) newest.set(id, row)
  }
  return [...newest.values()]
}

async function writeRevisions(
  session: Session,
  placed: readonly RowRecord[],
  options: WriteOptions,
): Promise<readonly Refusal[]> {
  const distinctRows = [...new Map(placed.map((row) => [revisionId(row.record), row])).values()]
  const wanted = distinctRows.map(({ record, home }) => ({
    org: record.org,
    key: record.key,
    rank: record.rank,
    home,
  }))
  const known = await findRevisions(session, options.schema, wanted)
  const unknown = distinctRows.filter(({ record }) => !known.has(revisionId(record)))
  const rows = encodeRows(unknown, options)
  if (unknown.length > rows.refused.length) await copyInto(session, 'revision', rows.bytes, options)
  return rows.refused
}

async function copyInto(
  session: Session,
  table: PartitionedTable,
  bytes: Buffer,
  options: WriteOptions,
): Promise<void> {
  const columns = tableColumns(options).map(({ name }) => quoted(name))
  await session.copy(
    `copy ${quoted(options.schema)}.${table} (${columns.join()}) from stdin (format binary)`,
    bytes,
  )
}

function distinct(refused: readonly Refusal[]): readonly Refusal[] {
  return [...new Map(refused.map((refusal) => [refusal.index, refusal])).values()]
}
