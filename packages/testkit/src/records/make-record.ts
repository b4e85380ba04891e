import { type CatalogueField, type ColumnName, catalogue } from '@cdrstream/catalogue'
import type { CdrFields, CdrRecord } from '@cdrstream/plugin'

/** What is special about a record; the rest is made of its number. */
export interface RecordDraft extends Partial<Omit<CdrRecord, 'text' | 'fields' | 'extra'>> {
  readonly org: string
  /** Over the ordinary values of the fields. */
  readonly fields?: Partial<CdrFields>
  /** `none`: all fields that `fields` does not name are null. Default `ordinary`. */
  readonly otherFields?: 'ordinary' | 'none'
  /** As `CdrRecord.extra`: unknown keys, and under the API's name of a field, whose value is then null, what its type cannot hold. */
  readonly extra?: Iterable<readonly [string, unknown]>
  /** When the call began, in milliseconds since 1970, UTC. Default: today. */
  readonly startTimeMs?: number
}

const rankStepsPerMs = 2_048
const dayMs = 86_400_000

/** A record as the engine gives it to a sink: `fields`, `extra` and `text` say the same. */
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

/** UTC midnight of this day, in milliseconds since 1970. */
export function todayMs(): number {
  return Math.floor(Date.now() / dayMs) * dayMs
}

/** The text that these fields and this extra are read from. */
function renderText(fields: CdrFields, extra: ReadonlyMap<string, unknown>): string {
  const known = catalogue
    .filter(({ name }) => !extra.has(name))
    .map(({ name, column, type }) => [name, apiValue(fields[column], type)])
  return `{${[...known, ...extra]
    .map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`)
    .join()}}`
}

/** As the API writes it: most numbers are text, and what is absent is empty. */
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

/** Each field of a record has another value, so that a sink that takes one for another is found out. */
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

/** `YYYY-MM-DD` */
function utcDay(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10)
}
