import type { FieldType } from '@cdrstream/catalogue'
import { parseDecimal, parseInteger } from './parse-number.ts'
import { finerThanMs, parseTimestampMs } from './parse-timestamp.ts'

/** What a pass over the known names of a record finds besides its fields. */
export interface Findings {
  /** How many of the known names the record has. */
  known: number
  /** Takes the values that the type of their field cannot hold, or not exactly, by the field's name. */
  readonly extra: Map<string, unknown>
}

/**
 * Reads a value that is neither absent nor the empty text nor a null marker. What the type of the field
 * cannot hold gives null, and is kept in `findings.extra`.
 */
export type ReadValue = (value: unknown, name: string, findings: Findings) => string | number | boolean | null

export function readTimestamp(value: unknown, name: string, findings: Findings): number | null {
  if (typeof value !== 'string') return keep(value, name, findings)
  const ms = parseTimestampMs(value)
  if (Number.isNaN(ms)) return keep(value, name, findings)
  if (finerThanMs(value) !== '') keep(value, name, findings)
  return ms
}

export function readDecimal(value: unknown, name: string, findings: Findings): number | null {
  const number = typeof value === 'string' ? parseDecimal(value) : value
  return Number.isFinite(number) ? withoutNegativeZero(number as number) : keep(value, name, findings)
}

export function readInteger(value: unknown, name: string, findings: Findings): number | null {
  const number = typeof value === 'string' ? parseInteger(value) : value
  return Number.isSafeInteger(number) ? withoutNegativeZero(number as number) : keep(value, name, findings)
}

export function readBoolean(value: unknown, name: string, findings: Findings): boolean | null {
  if (typeof value === 'boolean') return value
  const text = typeof value === 'string' ? value.toLowerCase() : ''
  if (text === 'true') return true
  return text === 'false' ? false : keep(value, name, findings)
}

/** A number in the place of a text is an identifier that lost its quotes. */
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

/** Also what the generated code calls: it takes the functions' names from here. */
export const readers: Readonly<Record<FieldType, ReadValue>> = {
  timestamp: readTimestamp,
  number: readDecimal,
  'integer-string': readInteger,
  'decimal-string': readDecimal,
  'boolean-string': readBoolean,
  'uuid-string': readText,
  string: readText,
}
