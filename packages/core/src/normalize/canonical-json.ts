/**
 * Returns the JSON of a value with the keys of its objects sorted: one text for each value, regardless of key
 * order, and different texts for different values. Accepts everything that `JSON.parse` returns, at any
 * depth, without recursion, which would overflow the stack where `JSON.parse` does not.
 */
export function canonicalJson(value: unknown): string {
  let text = ''
  const parts: string[] = []
  const open: Container[] = []
  write(value, parts, open)
  for (let container = open.at(-1); container !== undefined; container = open.at(-1)) {
    const { members, keys, size, at } = container
    if (at === size) {
      parts.push(keys === null ? ']' : '}')
      open.pop()
      continue
    }
    container.at += 1
    const key = keys === null ? at : (keys[at] ?? '')
    if (at > 0) parts.push(',')
    if (keys !== null) parts.push(JSON.stringify(key), ':')
    write(members[key], parts, open)
    if (parts.length >= maxParts) text += parts.splice(0).join('')
  }
  return text + parts.join('')
}

/**
 * The parts take more memory than their text: a page that is one long list would take hundreds of megabytes.
 */
const maxParts = 10_000

/** An array or object that is being written. */
interface Container {
  readonly members: Readonly<Record<string | number, unknown>>
  /** Sorted; null for an array. */
  readonly keys: readonly string[] | null
  readonly size: number
  /** The index of the next member. */
  at: number
}

function write(value: unknown, parts: string[], open: Container[]): void {
  if (typeof value !== 'object' || value === null) {
    // JSON.parse returns Infinity for 1e999, and JSON.stringify would write it as null.
    parts.push(typeof value === 'number' ? `${value}` : JSON.stringify(value))
    return
  }
  const keys = Array.isArray(value) ? null : Object.keys(value).sort()
  parts.push(keys === null ? '[' : '{')
  const size = keys === null ? (value as readonly unknown[]).length : keys.length
  open.push({ members: value as Container['members'], keys, size, at: 0 })
}
