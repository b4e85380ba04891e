import { type CatalogueField, catalogue } from '@cdrstream/catalogue'
import { objectMembers, skipSpace, valueEnd } from './object-members.ts'
import type { CdrRecord } from './record.ts'
import { type JsonShape, scanJson } from './scan-json.ts'

/** A member of a record, as the API sent it. */
export interface ExactMember extends JsonShape {
  /** Its name in the record, or the catalogue's spelling for a field of the catalogue. */
  readonly name: string
  /**
   * The JSON text of its value, with line breaks replaced and lone surrogates escaped. If the record repeats
   * the name, all of its values in order, and the member is not plain.
   */
  readonly texts: readonly string[]
}

/**
 * Returns what a store has to keep in addition to a record's typed fields: the members of its `extra`, and
 * the fields in `unheld`, named as in the API, whose values the store's columns cannot hold. Each is returned
 * as text, because parsing would lose information such as the digits of large numbers.
 */
export function exactExtra(
  { text, extra }: Pick<CdrRecord, 'text' | 'extra'>,
  unheld: readonly (readonly [name: string, value: unknown])[] = [],
): readonly ExactMember[] {
  if (extra.size === 0 && unheld.length === 0) return []
  const textsOf = memberTexts(text)
  const members: ExactMember[] = []
  for (const [name, value] of extra) members.push(exactMember(name, value, textsOf))
  for (const [name, value] of unheld) {
    if (!extra.has(name)) members.push(exactMember(name, value, textsOf))
  }
  return members
}

type TextsOf = (name: string) => readonly string[] | undefined

function exactMember(name: string, value: unknown, textsOf: TextsOf): ExactMember {
  const texts = (textsOf(name) ?? [JSON.stringify(value) ?? 'null']).map(inOneLine)
  const [text = ''] = texts
  if (texts.length === 1) return { name, texts, ...scanJson(text) }
  const depth = texts.reduce((most, json) => Math.max(most, scanJson(json).depth), 0)
  return { name, texts, depth, isPlain: false }
}

/** Returns a function that finds the values of a record's members by name. */
function memberTexts(record: string): TextsOf {
  const isUnescaped = !record.includes('\\')
  let members: Members | undefined
  return (name) => {
    const sole = isUnescaped ? soleText(name, record) : undefined
    if (sole !== undefined && hasValue([sole], fieldsByName.get(name))) return [sole]
    members ??= textsByName(record)
    return textsIn(members, name)
  }
}

/**
 * Returns the text of a member if its name occurs only once in a record without escapes. Searching for the
 * name is several times faster than iterating over all members.
 */
function soleText(name: string, record: string): string | undefined {
  const quotedName = `"${name}"`
  const at = record.indexOf(quotedName)
  if (at === -1 || record.includes(quotedName, at + 1)) return undefined
  const colonAt = skipSpace(record, at + quotedName.length)
  if (record[colonAt] !== ':') return undefined
  const valueAt = skipSpace(record, colonAt + 1)
  return record.slice(valueAt, valueEnd(record, valueAt))
}

const fieldsByName: ReadonlyMap<string, CatalogueField> = new Map(
  catalogue.map((field) => [field.name, field]),
)

type Members = ReadonlyMap<string, readonly string[]>

function textsByName(text: string): Members {
  const members = new Map<string, string[]>()
  for (const { name, valueAt, toAt } of objectMembers(text)) {
    const value = text.slice(valueAt, toAt)
    const texts = members.get(name)
    if (texts === undefined) members.set(name, [value])
    else texts.push(value)
  }
  return members
}

/**
 * Must pick the same spelling of a field as the normalizer: the first one, in this order, that has a value.
 */
function textsIn(members: Members, name: string): readonly string[] | undefined {
  const field = fieldsByName.get(name)
  if (field === undefined) return members.get(name)
  const spellings = new Set([name, ...field.aliases].map((spelling) => spelling.toLowerCase()))
  const others = [...members.keys()].filter((other) => spellings.has(other.toLowerCase())).sort()
  const taken = [name, ...others].find((spelling) => hasValue(members.get(spelling), field))
  return taken === undefined ? undefined : members.get(taken)
}

function hasValue(texts: readonly string[] = [], field: CatalogueField | undefined): boolean {
  if (field === undefined) return true
  const { nullMarkers } = field
  const text = texts.at(-1) ?? 'null'
  return !['null', '""', ...nullMarkers.map((marker) => JSON.stringify(marker))].includes(text)
}

/**
 * Valid JSON has line breaks only between tokens, and lone surrogates only in strings, so both are safe to
 * replace.
 */
function inOneLine(json: string): string {
  const line = json.replace(/[\n\r]/g, ' ')
  if (line.isWellFormed()) return line
  return line.replace(/\p{Surrogate}/gu, (half) => `\\u${half.charCodeAt(0).toString(16)}`)
}
