import { type CdrRecord, type ExactMember, exactExtra } from '@cdrstream/plugin'

/**
 * The field `extra` is of the type `flattened`: one field of the mapping for any number of keys. It refuses
 * documents with deep objects, with NUL in a key, and with long keys (key and value together are one term, of
 * 32,766 bytes at most; values longer than `ignoreAboveLength` it does not index). What it would refuse, or
 * what readers would not all read alike, goes into `extra_text`, which is kept and not indexed.
 */
const maxObjectDepth = 15
const maxDepth = 200
const maxPathLength = 2_000
/** In UTF-16 units, of up to 3 bytes each: with a path of 2,000 units the term has room. */
export const ignoreAboveLength = 8_000

export interface SplitExtra {
  /** The members of a JSON object, without its braces; empty if there are none. */
  readonly searchable: string
  /** The same of those that cannot be indexed. */
  readonly kept: string
}

const nothing: SplitExtra = { searchable: '', kept: '' }

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

/** A name that is not well formed would be found under another one. */
function isKey(name: string, pathLength: number): boolean {
  return !name.includes('\0') && pathLength + name.length <= maxPathLength && name.isWellFormed()
}
