import type { CdrRecord, Refusal } from '@cdrstream/plugin'
import { BinaryRows } from './binary-rows.ts'
import { type ColumnType, fieldColumns } from './columns.ts'
import { extraJson } from './extra-json.ts'
import { ownColumns } from './table-columns.ts'

/** A record on its way into the tables. */
export interface RowRecord {
  /** Its index in the batch. */
  readonly index: number
  readonly record: CdrRecord
  /** The day that the key has in the tables; as a rule the record's own. */
  readonly home: string
}

export interface EncodedRows {
  /** For COPY … (FORMAT binary): https://www.postgresql.org/docs/18/sql-copy.html. */
  readonly bytes: Buffer
  readonly refused: readonly Refusal[]
}

/** Writes the rows of `tableColumns`. A record that has no row is refused by its index. */
export function encodeRows(
  records: readonly RowRecord[],
  { rawText }: { readonly rawText: boolean },
): EncodedRows {
  const rows = new BinaryRows(ownColumns.length + fieldColumns.length + 1 + (rawText ? 1 : 0))
  const refused: Refusal[] = []
  for (const row of records) {
    try {
      rows.begin()
      encodeRow(rows, row, rawText)
      rows.commit()
    } catch (cause) {
      rows.rollback()
      refused.push({ index: row.index, reason: reasonOf(cause) })
    }
  }
  return { bytes: rows.finish(), refused }
}

function encodeRow(rows: BinaryRows, { record, home }: RowRecord, rawText: boolean): void {
  const { org, key, rank, source, acceptedAtMs, fields, extra, text } = record
  if (!isText(org) || !isText(key)) throw new UnfitRecord('its key is no text that PostgreSQL can hold')
  rows.text(org)
  rows.text(key)
  rows.bigint(rank)
  rows.date(home)
  rows.text(source)
  rows.timestamp(acceptedAtMs)
  const unheld: [string, unknown][] = []
  for (const { column, type, name } of fieldColumns) {
    const value = fields[column]
    if (value === null) rows.null()
    else if (!writeField(rows, type, value)) {
      rows.null()
      unheld.push([name, value])
    }
  }
  const json = extraJson(extra, unheld)
  if (json === null) rows.null()
  else rows.jsonb(json)
  if (rawText) writeRaw(rows, text)
}

/** PostgreSQL keeps `json` as it is written, but for bytes that are no text. */
function writeRaw(rows: BinaryRows, text: string): void {
  if (isText(text)) rows.text(text)
  else rows.null()
}

/** Whether the column can hold the value. In binary form the server takes garbage without a word: everything is checked here. */
function writeField(rows: BinaryRows, type: ColumnType, value: string | number | boolean): boolean {
  switch (type) {
    case 'text':
      if (typeof value !== 'string' || !isText(value)) return false
      rows.text(value)
      return true
    case 'boolean':
      if (typeof value !== 'boolean') return false
      rows.boolean(value)
      return true
    case 'integer':
      if (!Number.isInteger(value) || Math.abs(Number(value)) > mostInteger) return false
      rows.integer(Number(value))
      return true
    case 'double precision':
      if (typeof value !== 'number' || !Number.isFinite(value)) return false
      rows.double(value)
      return true
    case 'timestamp with time zone':
      if (typeof value !== 'number' || !Number.isInteger(value) || value < firstTimeMs || value > lastTimeMs)
        return false
      rows.timestamp(value)
      return true
  }
}

const mostInteger = 2 ** 31 - 1
/** The years 1 to 9999: what every client can read back. */
const firstTimeMs = -62_135_596_800_000
const lastTimeMs = 253_402_300_799_999

/** PostgreSQL has no NUL in text, and UTF-8 no half of a surrogate pair. */
function isText(value: string): boolean {
  return value.isWellFormed() && !value.includes('\0')
}

class UnfitRecord extends Error {}

/** Words of other errors may quote the record. */
function reasonOf(cause: unknown): string {
  return cause instanceof UnfitRecord ? cause.message : 'its fields cannot be read'
}
