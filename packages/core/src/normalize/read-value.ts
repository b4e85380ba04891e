import type { FieldType } from '@cdrstream/catalogue'
import { parseDecimal, parseInteger } from './parse-number.ts'
import { finerThanMs, parseTimestampMs } from './parse-timestamp.ts'

/** The results of a pass over a record's known names, in addition to its fields. */
export interface Findings {
  /** The number of known names that the record has. */
  known: number
  /** The values that their field's type cannot hold exactly, by field name. */
  readonly extra: Map<string, unknown>
}

/**
 * Returns a value that is not missing, empty or a null marker, in the type of its field. Returns null for
 * what that type cannot hold, and keeps the value in `findings.extra`.
 */
export type ReadValue = (value: unknown, name: string, findings: Findings) => string | number | boolean | null

/** Returns milliseconds since 1970, UTC. A more precise time is also kept in `findings.extra`. */
export function readTimestamp(value: unknown, name: string, findings: Findings): number | null {
  if (typeof value !== 'string') return keep(value, name, findings)
  const ms = parseTimestampMs(value)
  if (Number.isNaN(ms)) return keep(value, name, findings)
  if (finerThanMs(value) !== '') keep(value, name, findings)
  return ms
}

/** Returns a finite number, from a number or its decimal text. */
export function readDecimal(value: unknown, name: string, findings: Findings): number | null {
  const number = typeof value === 'string' ? parseDecimal(value) : value
  return Number.isFinite(number) ? withoutNegativeZero(number as number) : keep(value, name, findings)
}

/** Returns a safe integer, from a number or its decimal text. */
export function readInteger(value: unknown, name: string, findings: Findings): number | null {
  const number = typeof value === 'string' ? parseInteger(value) : value
  return Number.isSafeInteger(number) ? withoutNegativeZero(number as number) : keep(value, name, findings)
}

/** Returns a boolean, from a boolean or the texts `true` and `false` in any letter case. */
export function readBoolean(value: unknown, name: string, findings: Findings): boolean | null {
  if (typeof value === 'boolean') return value
  const text = typeof value === 'string' ? value.toLowerCase() : ''
  if (text === 'true') return true
  return text === 'false' ? false : keep(value, name, findings)
}

/** Returns a string. A number instead of a string is an identifier that lost its quotes. */
export function readText(value: unknown, name: string, findings: Findings): string | null {
  if (typeof value === 'string') return value
  return Number.isSafeInteger(value) ? String(value) : keep(value, name, findings)
}

function withoutNegativeZero(value: number): number {
  return value === 0 ? 0 : value
}

function keep(value: unknown, name: string, findings: Findings): null {
  if (value !== null) findings.extra.set(name, value)
  return null
}

/** The reader of each type. The generated code takes the names of the functions from here. */
export const readers: Readonly<Record<FieldType, ReadValue>> = {
  timestamp: readTimestamp,
  number: readDecimal,
  'integer-string': readInteger,
  'decimal-string': readDecimal,
  'boolean-string': readBoolean,
  'uuid-string': readText,
  string: readText,
}
