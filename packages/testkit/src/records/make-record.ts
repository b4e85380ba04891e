import { type CatalogueField, type ColumnName, catalogue } from '@cdrstream/catalogue'
import type { CdrFields, CdrRecord } from '@cdrstream/plugin'

/** The specified parts of a record. All other parts are derived from its number. */
export interface RecordDraft extends Partial<Omit<CdrRecord, 'text' | 'fields' | 'extra'>> {
  readonly org: string
  /** Values that replace the ordinary ones. */
  readonly fields?: Partial<CdrFields>
  /** Whether the fields that `fields` omits have ordinary values or are null. Default: `ordinary`. */
  readonly otherFields?: 'ordinary' | 'none'
  /**
   * The record's `extra`: unknown keys, and values that do not fit their field, under the field's name in the
   * API. Such a field is null.
   */
  readonly extra?: Iterable<readonly [string, unknown]>
  /** When the call began, in milliseconds since 1970, UTC. Default: today. */
  readonly startTimeMs?: number
}

const rankStepsPerMs = 2_048
const dayMs = 86_400_000

/** Returns a record as the engine passes it to a sink, with consistent `fields`, `extra` and `text`. */
export function makeRecord(number: number, draft: RecordDraft): CdrRecord {
  const { org, source = 'stream', key = uuidOf(number) } = draft
  const startTimeMs = draft.startTimeMs ?? todayMs() + (number % 86_400) * 1_000
  const reportTimeMs = startTimeMs + 120_000
  const extra = new Map(draft.extra ?? [])
  const identity = { report_id: key.includes(':') ? null : key }
  const values: Readonly<Record<ColumnName, string | number | boolean | null>> = {
    ...(draft.otherFields === 'none' ? noFields : ordinaryFields(number, startTimeMs)),
    ...identity,
    ...draft.fields,
  }
  const fields = Object.fromEntries(
    catalogue.map(({ name, column }) => [column, extra.has(name) ? null : values[column]]),
  ) as unknown as CdrFields
  return {
    org,
    key,
    rank: draft.rank ?? reportTimeMs * rankStepsPerMs,
    home: draft.home ?? utcDay(startTimeMs),
    acceptedAtMs: draft.acceptedAtMs ?? startTimeMs + 180_000,
    source,
    text: renderText(fields, extra),
    fields,
    extra,
  }
}

/** Returns the start of the current UTC day, in milliseconds since 1970. */
export function todayMs(): number {
  return Math.floor(Date.now() / dayMs) * dayMs
}

/** Returns the text that the engine would read these fields and this extra from. */
function renderText(fields: CdrFields, extra: ReadonlyMap<string, unknown>): string {
  const known = catalogue
    .filter(({ name }) => !extra.has(name))
    .map(({ name, column, type }) => [name, apiValue(fields[column], type)])
  return `{${[...known, ...extra]
    .map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`)
    .join()}}`
}

/**
 * Returns the value as the API writes it: most numbers are strings, and a missing value is an empty string.
 */
function apiValue(value: string | number | boolean | null, type: CatalogueField['type']) {
  if (value === null) return ''
  if (typeof value === 'number' && type === 'timestamp') return new Date(value).toISOString()
  return type === 'number' ? value : String(value)
}

const noFields = Object.fromEntries(catalogue.map(({ column }) => [column, null])) as unknown as CdrFields

function ordinaryFields(number: number, startTimeMs: number): CdrFields {
  return Object.fromEntries(
    catalogue.map((field, place) => [field.column, ordinaryValue(field, number, place, startTimeMs)]),
  ) as unknown as CdrFields
}

/** Returns a different value for each field, so that a sink that mixes up fields fails. */
function ordinaryValue(field: CatalogueField, number: number, place: number, startTimeMs: number) {
  const { type, column, personal, nullMarkers } = field
  const values = field.values.filter((value) => !nullMarkers.includes(value))
  switch (type) {
    case 'timestamp':
      return column === 'start_time' ? startTimeMs : startTimeMs + 1_000 * place + (number % 1_000)
    case 'number':
    case 'integer-string':
      return number + 1_000 * place
    case 'decimal-string':
      return number + place + 0.5
    case 'boolean-string':
      return (number + place) % 2 === 0
    case 'uuid-string':
      return uuidOf(1_000 * number + place)
    case 'string':
      if (column.endsWith('ip_address')) return `203.0.113.${number % 250}`
      if (personal === 'number') return `+4930${String(1_000 * number + place).padStart(9, '0')}`
      return values[number % values.length] ?? `${column.replaceAll('_', ' ')} ${number}`
  }
}

function uuidOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
}

/** Returns the UTC day as `YYYY-MM-DD`. */
function utcDay(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10)
}
