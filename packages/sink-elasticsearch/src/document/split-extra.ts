import { type CdrRecord, type ExactMember, exactExtra } from '@cdrstream/plugin'

/**
 * The field `extra` has the type `flattened`: one field in the mapping for any number of keys. It rejects
 * deep objects, NUL in a key and long keys (a key and its value are one term of at most 32,766 bytes; values
 * longer than `ignoreAboveLength` are not indexed). Members that it would reject, or that parsers read
 * differently, go to `extra_text`, which is stored but not indexed.
 */
const maxObjectDepth = 15
const maxDepth = 200
const maxPathLength = 2_000
/** In UTF-16 code units of up to 3 bytes, so that a term can hold a path of 2,000 code units. */
export const ignoreAboveLength = 8_000

export interface SplitExtra {
  /** The members for `extra`: a JSON object without its braces, empty if there are none. */
  readonly searchable: string
  /** The members for `extra_text`, in the same form. */
  readonly kept: string
}

const nothing: SplitExtra = { searchable: '', kept: '' }

/** Splits members into the ones that Elasticsearch can index in `extra`, and the others. */
export function splitExtra(record: Pick<CdrRecord, 'text' | 'extra'>): SplitExtra {
  const { extra } = record
  if (extra.size === 0) return nothing
  const searchable: string[] = []
  const kept: string[] = []
  for (const member of exactExtra(record)) {
    const { name, texts } = member
    const list = fitsFlattened(member, extra.get(name)) ? searchable : kept
    for (const text of texts) list.push(`${JSON.stringify(name)}:${text}`)
  }
  return { searchable: searchable.join(), kept: kept.join() }
}

function fitsFlattened({ name, depth, isPlain }: ExactMember, value: unknown): boolean {
  return isPlain && depth <= maxDepth && isKey(name, 0) && isIndexable(value, name.length, 1)
}

function isIndexable(value: unknown, pathLength: number, objectDepth: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (Array.isArray(value)) return value.every((item) => isIndexable(item, pathLength, objectDepth))
  if (objectDepth >= maxObjectDepth) return false
  return Object.entries(value).every(
    ([name, member]) =>
      isKey(name, pathLength) && isIndexable(member, pathLength + 1 + name.length, objectDepth + 1),
  )
}

/** Rejects names that are not well-formed, because Elasticsearch would store them under a different name. */
function isKey(name: string, pathLength: number): boolean {
  return !name.includes('\0') && pathLength + name.length <= maxPathLength && name.isWellFormed()
}
