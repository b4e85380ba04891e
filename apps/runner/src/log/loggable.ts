import type { Words } from '@cdrstream/core/words'

const deepest = 3
const mostItems = 20
const mostCharactersOfKey = 100

/**
 * Returns the part of a value that can be logged: numbers, text without secrets, and lists and plain objects
 * of these. For an error, only the name, code and message are logged, because other properties can contain a
 * request with its headers.
 */
export function loggable(value: unknown, words: Words, depth = 0): unknown {
  switch (typeof value) {
    case 'string':
      return words(value)
    case 'number':
    case 'boolean':
      return value
    case 'bigint':
      return String(value)
    case 'object':
      return loggableObject(value, words, depth)
    default:
      return undefined
  }
}

function loggableObject(value: object | null, words: Words, depth: number): unknown {
  if (value === null) return null
  if (value instanceof Error) {
    const code = 'code' in value && typeof value.code === 'string' ? { code: words(value.code) } : {}
    return { name: words(textOf(value.name)), ...code, message: words(textOf(value.message)) }
  }
  if (depth >= deepest) return '…'
  if (Array.isArray(value)) return value.slice(0, mostItems).map((item) => loggable(item, words, depth + 1))
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return words(textOf(value))
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      words(key, mostCharactersOfKey),
      loggable(inner, words, depth + 1),
    ]),
  )
}

/** A custom sink can log anything, including a value that cannot be converted to text. */
function textOf(value: unknown): string {
  try {
    return String(value)
  } catch {
    return '…'
  }
}
