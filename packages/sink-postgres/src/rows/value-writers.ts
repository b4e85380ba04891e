import type { ByteWriter } from './byte-writer.ts'
import type { ColumnType } from './columns.ts'

/** Values that their columns cannot hold, by field name in the API. */
export type Unstorable = [name: string, value: unknown][]

type ValueWriter = (writer: ByteWriter, value: unknown, name: string, unstorable: Unstorable) => void

const maxInteger = 2 ** 31 - 1
/**
 * An entry of a B-tree has at most 2,704 bytes. With this limit, an index over any two text columns accepts
 * every value.
 */
const maxTextBytes = 1_000
const maxBytesPerUnit = 3
/** The bounds of the years 1 to 9999, which every client can read. */
const firstTimeMs = -62_135_596_800_000
const lastTimeMs = 253_402_300_799_999

/**
 * The writer for each column type. Each writer checks the value, because the server accepts any bytes as a
 * number or a time.
 */
export const valueWriters: Readonly<Record<ColumnType, ValueWriter>> = {
  text: writeText,
  boolean: writeBoolean,
  integer: writeInteger,
  'double precision': writeDouble,
  'timestamp with time zone': writeTimestamp,
}

export function writeText(writer: ByteWriter, value: unknown, name: string, unstorable: Unstorable): void {
  if (typeof value !== 'string' || !isShort(value) || !writer.text(value)) {
    leaveOut(writer, value, name, unstorable)
  }
}

function isShort(text: string): boolean {
  const { length } = text
  return length * maxBytesPerUnit <= maxTextBytes || Buffer.byteLength(text) <= maxTextBytes
}

export function writeBoolean(writer: ByteWriter, value: unknown, name: string, unstorable: Unstorable): void {
  if (typeof value === 'boolean') writer.boolean(value)
  else leaveOut(writer, value, name, unstorable)
}

export function writeInteger(writer: ByteWriter, value: unknown, name: string, unstorable: Unstorable): void {
  if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= maxInteger)
    writer.integer(value)
  else leaveOut(writer, value, name, unstorable)
}

export function writeDouble(writer: ByteWriter, value: unknown, name: string, unstorable: Unstorable): void {
  if (typeof value === 'number' && Number.isFinite(value)) writer.double(value)
  else leaveOut(writer, value, name, unstorable)
}

export function writeTimestamp(
  writer: ByteWriter,
  value: unknown,
  name: string,
  unstorable: Unstorable,
): void {
  if (isTime(value)) writer.timestamp(value)
  else leaveOut(writer, value, name, unstorable)
}

/** Returns whether a value is a time, in whole ms since 1970, that PostgreSQL and its clients support. */
export function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= firstTimeMs && value <= lastTimeMs
}

function leaveOut(writer: ByteWriter, value: unknown, name: string, unstorable: Unstorable): void {
  writer.null()
  unstorable.push([name, value])
}
