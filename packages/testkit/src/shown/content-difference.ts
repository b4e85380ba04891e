import { inspect, isDeepStrictEqual } from 'node:util'
import { catalogue } from '@cdrstream/catalogue'
import type { CdrRecord } from '@cdrstream/plugin'
import type { ShownRecord } from '../sink-certification.ts'

/** Returns how the shown content differs from the record that was sent, or undefined if they are equal. */
export function contentDifference(record: CdrRecord, shown: ShownRecord): string | undefined {
  if (shown.text === undefined && shown.fields === undefined) {
    return 'no content; `readBack` must return `text`, or `fields` and `extra`'
  }
  return textDifference(record, shown) ?? fieldDifference(record, shown)
}

function textDifference(record: CdrRecord, { text }: ShownRecord): string | undefined {
  if (text === undefined || text === record.text) return undefined
  const [found, sent] = [parse(text), parse(record.text)]
  if (!isObject(found) || !isObject(sent)) return `the text ${brief(text)} instead of ${brief(record.text)}`
  return membersDifference(new Map(Object.entries(sent)), new Map(Object.entries(found)))
}

function fieldDifference(record: CdrRecord, { fields, extra, text }: ShownRecord): string | undefined {
  if (fields === undefined) return undefined
  const others: ReadonlyMap<string, unknown> =
    extra instanceof Map ? extra : new Map(Object.entries(extra ?? {}))
  // The text was already compared, and contains what no column can hold.
  const isInText = extra === undefined && text !== undefined
  for (const { name, column } of catalogue) {
    const sent = record.fields[column]
    const found = plain(fields[column])
    // A value that its column cannot hold may be in `extra`, as the typed value or as the API sent it.
    const inExtra = others.get(name) ?? others.get(column)
    const isKept = found === sent || (found === null && (inExtra === sent || isAsSent(record, name, inExtra)))
    if (!isKept) return `${column} ${brief(found)} instead of ${brief(sent)}`
  }
  return isInText ? undefined : membersDifference(record.extra, others)
}

function isAsSent({ text }: CdrRecord, name: string, value: unknown): boolean {
  const record = parse(text)
  return (
    value !== undefined &&
    isObject(record) &&
    isDeepStrictEqual(new Map(Object.entries(record)).get(name), value)
  )
}

function membersDifference(
  sent: ReadonlyMap<string, unknown>,
  found: ReadonlyMap<string, unknown>,
): string | undefined {
  for (const [name, value] of sent) {
    if (!found.has(name)) return `no ${brief(name)}`
    if (!isDeepStrictEqual(found.get(name), value)) {
      return `${brief(name)} ${brief(found.get(name))} instead of ${brief(value)}`
    }
  }
  return undefined
}

function plain(value: unknown): unknown {
  return value instanceof Date ? value.getTime() : (value ?? null)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function brief(value: unknown): string {
  return inspect(value, { depth: 2, breakLength: Number.POSITIVE_INFINITY, maxStringLength: 80 }).slice(
    0,
    120,
  )
}
