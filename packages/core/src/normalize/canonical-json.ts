/**
 * The JSON of a value with the keys of its objects sorted: one text for one value, whatever the order of the keys, and different texts for
 * different values. Takes all that `JSON.parse` makes, at any depth: recursion would overflow the stack where `JSON.parse` does not.
 */
export function canonicalJson(value: unknown): string {
  const parts: string[] = []
  const open: Container[] = []
  write(value, parts, open)
  for (let container = open.at(-1); container !== undefined; container = open.at(-1)) {
    const { members, keys, at } = container
    if (at === keys.length) {
      parts.push(container.close)
      open.pop()
      continue
    }
    container.at += 1
    const key = keys[at] ?? ''
    if (at > 0) parts.push(',')
    if (container.close === '}') parts.push(JSON.stringify(key), ':')
    write(members[key], parts, open)
  }
  return parts.join('')
}

/** An array or object that is being written. */
interface Container {
  readonly members: Readonly<Record<string, unknown>>
  readonly keys: readonly string[]
  readonly close: ']' | '}'
  /** The index of the key that comes next. */
  at: number
}

function write(value: unknown, parts: string[], open: Container[]): void {
  if (typeof value !== 'object' || value === null) {
    // JSON.parse makes an infinity of 1e999, and JSON.stringify would write it as null.
    parts.push(typeof value === 'number' ? `${value}` : JSON.stringify(value))
    return
  }
  const list = Array.isArray(value)
  parts.push(list ? '[' : '{')
  const keys = Object.keys(value)
  open.push({
    members: value as Readonly<Record<string, unknown>>,
    keys: list ? keys : keys.sort(),
    close: list ? ']' : '}',
    at: 0,
  })
}
