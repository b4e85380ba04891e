import { type CatalogueField, catalogue } from '@cdrstream/catalogue'
import { objectMembers } from './object-members.ts'
import type { CdrRecord } from './record.ts'
import { type JsonShape, scanJson } from './scan-json.ts'

/** A member of a record, as the API sent it. */
export interface ExactMember extends JsonShape {
  /** Its name in the record; for a field of the catalogue, the catalogue's own spelling. */
  readonly name: string
  /**
   * The JSON text of its value, without line breaks and halves of surrogate pairs. Several, in their order, if
   * the record has the name several times; then it is not plain.
   */
  readonly texts: readonly string[]
}

/**
 * Returns what a store has to keep beside the typed fields of a record: the members of its `extra`, and the
 * fields in `unheld`, by their names in the API, whose values its columns cannot hold. As text, because values
 * that were parsed lose the digits of large numbers, for example.
 */
export function exactExtra(
  { text, extra }: Pick<CdrRecord, 'text' | 'extra'>,
  unheld: Iterable<readonly [name: string, value: unknown]> = [],
): readonly ExactMember[] {
  const values = new Map([...extra, ...unheld])
  if (values.size === 0) return []
  const members = textsByName(text)
  return Array.from(values, ([name, value]) => {
    const texts = (textsOf(name, members) ?? [JSON.stringify(value) ?? 'null']).map(inOneLine)
    const shapes = texts.map(scanJson)
    return {
      name,
      texts,
      depth: shapes.reduce((most, { depth }) => Math.max(most, depth), 0),
      isPlain: texts.length === 1 && shapes.every(({ isPlain }) => isPlain),
    }
  })
}

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

/** Of several spellings of a field, the normalizer takes the first in this order that has a value. */
function textsOf(name: string, members: Members): readonly string[] | undefined {
  const field = catalogue.find((known) => known.name === name)
  if (field === undefined) return members.get(name)
  const spellings = new Set([name, ...field.aliases].map((spelling) => spelling.toLowerCase()))
  const others = [...members.keys()].filter((other) => spellings.has(other.toLowerCase())).sort()
  const taken = [name, ...others].find((spelling) => hasValue(members.get(spelling), field))
  return taken === undefined ? undefined : members.get(taken)
}

function hasValue(texts: readonly string[] = [], { nullMarkers }: CatalogueField): boolean {
  const text = texts.at(-1) ?? 'null'
  return !['null', '""', ...nullMarkers.map((marker) => JSON.stringify(marker))].includes(text)
}

/** Line breaks in JSON are only between its tokens, and what has to be escaped only within its strings. */
function inOneLine(json: string): string {
  const line = json.replace(/[\n\r]/g, ' ')
  if (line.isWellFormed()) return line
  return line.replace(/\p{Surrogate}/gu, (half) => `\\u${half.charCodeAt(0).toString(16)}`)
}
