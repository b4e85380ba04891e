/** No value of a log line is longer: a stack of a foreign library, or a body, has no place there. */
const longestText = 500
const deepest = 3

/**
 * What may go into the log of a value: numbers, short texts, and lists and plain objects of such. Of an error its name, code and
 * message; never its other properties, which may hold a request with its headers.
 */
export function loggable(value: unknown, depth = 0): unknown {
  switch (typeof value) {
    case 'string':
      return value.length > longestText ? `${value.slice(0, longestText)}…` : value
    case 'number':
    case 'boolean':
      return value
    case 'bigint':
      return String(value)
    case 'object':
      return loggableObject(value, depth)
    default:
      return undefined
  }
}

function loggableObject(value: object | null, depth: number): unknown {
  if (value === null) return null
  if (value instanceof Error) {
    const code = 'code' in value && typeof value.code === 'string' ? { code: value.code } : {}
    return { name: value.name, ...code, message: loggable(value.message, depth) }
  }
  if (depth >= deepest) return '…'
  if (Array.isArray(value)) return value.slice(0, 20).map((item) => loggable(item, depth + 1))
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return String(value).slice(0, longestText)
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, loggable(inner, depth + 1)]))
}
