import type { ByteWriter } from './byte-writer.ts'
import type { ColumnType } from './columns.ts'

/** Values that their column cannot hold, by the names of their fields in the API. */
export type Unheld = [name: string, value: unknown][]

type ValueWriter = (writer: ByteWriter, value: unknown, name: string, unheld: Unheld) => void

const mostInteger = 2 ** 31 - 1
/**
 * An entry of a B-tree has at most 2,704 bytes. Any two columns can be indexed together, whatever they hold,
 * and what a column holds does not depend on its indexes.
 */
const mostTextBytes = 1_000
const mostBytesPerUnit = 3
/** The years 1 to 9999, which every client can read. */
const firstTimeMs = -62_135_596_800_000
const lastTimeMs = 253_402_300_799_999

/**
 * How the value of a field is written for a column of each type. Each writer checks the value, because the
 * server accepts any bytes as a number or a time.
 */
export const valueWriters: Readonly<Record<ColumnType, ValueWriter>> = {
  text: writeText,
  boolean: writeBoolean,
  integer: writeInteger,
  'double precision': writeDouble,
  'timestamp with time zone': writeTimestamp,
}

export function writeText(writer: ByteWriter, value: unknown, name: string, unheld: Unheld): void {
  if (typeof value !== 'string' || !isShort(value) || !writer.text(value)) {
    leaveOut(writer, value, name, unheld)
  }
}

function isShort(text: string): boolean {
  const { length } = text
  return length * mostBytesPerUnit <= mostTextBytes || Buffer.byteLength(text) <= mostTextBytes
}

export function writeBoolean(writer: ByteWriter, value: unknown, name: string, unheld: Unheld): void {
  if (typeof value === 'boolean') writer.boolean(value)
  else leaveOut(writer, value, name, unheld)
}

export function writeInteger(writer: ByteWriter, value: unknown, name: string, unheld: Unheld): void {
  if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= mostInteger)
    writer.integer(value)
  else leaveOut(writer, value, name, unheld)
}

export function writeDouble(writer: ByteWriter, value: unknown, name: string, unheld: Unheld): void {
  if (typeof value === 'number' && Number.isFinite(value)) writer.double(value)
  else leaveOut(writer, value, name, unheld)
}

export function writeTimestamp(writer: ByteWriter, value: unknown, name: string, unheld: Unheld): void {
  if (isTime(value)) writer.timestamp(value)
  else leaveOut(writer, value, name, unheld)
}

/** Whether it is a whole number of milliseconds since 1970 that PostgreSQL and its clients can hold. */
export function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= firstTimeMs && value <= lastTimeMs
}

function leaveOut(writer: ByteWriter, value: unknown, name: string, unheld: Unheld): void {
  writer.null()
  unheld.push([name, value])
}
