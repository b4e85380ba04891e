/**
 * The member of `extra` for entries that jsonb cannot hold: the JSON text of an object with them. jsonb
 * accepts neither a NUL nor half of a surrogate pair, in a key or a value, and its depth is limited.
 */
export const heldAsText = '@json'

/**
 * Matches JSON that jsonb may not accept. An escaped backslash before a `u` also matches, and loses nothing
 * by being stored as text.
 */
const unfit = /\\u(?:0000|d[89a-f])/
/** Far below the depth that overflows the server's stack, and above that of any record. */
const mostDepth = 100

/**
 * Returns the JSON text of `extra`, fit for jsonb, or null if it is empty. Throws RangeError if a value is
 * nested so deeply that it has no JSON text.
 */
export function extraJson(
  extra: ReadonlyMap<string, unknown>,
  more: readonly (readonly [name: string, value: unknown])[],
): string | null {
  if (extra.size === 0 && more.length === 0) return null
  const members = new Map<string, string>()
  const asText = new Map<string, string>()
  for (const [name, value] of [...extra, ...more]) {
    const json = jsonOf(value)
    const key = JSON.stringify(name)
    const fits = name !== heldAsText && !unfit.test(key) && !unfit.test(json) && isShallow(json)
    const map = fits ? members : asText
    map.set(key, json)
  }
  if (asText.size > 0) members.set(JSON.stringify(heldAsText), JSON.stringify(objectOf(asText)))
  return objectOf(members)
}

function objectOf(members: ReadonlyMap<string, string>): string {
  return `{${Array.from(members, ([key, json]) => `${key}:${json}`).join()}}`
}

/** A number that is too large for JavaScript was read as an infinity, which JSON would turn into null. */
const endless = new Map([
  [Number.POSITIVE_INFINITY, '1e999'],
  [Number.NEGATIVE_INFINITY, '-1e999'],
])

/** The types of TypeScript do not have it yet. */
const { rawJSON: rawJson } = JSON as unknown as { rawJSON(text: string): unknown }

function jsonOf(value: unknown): string {
  const json = JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'number' && endless.has(member) ? rawJson(endless.get(member) ?? '') : member,
  )
  return json ?? 'null'
}

function isShallow(json: string): boolean {
  if (json.length <= mostDepth) return true
  let depth = 0
  let quoted = false
  for (let at = 0; at < json.length; at += 1) {
    const character = json[at]
    if (quoted) {
      if (character === '\\') at += 1
      else if (character === '"') quoted = false
    } else if (character === '"') quoted = true
    else if (character === '[' || character === '{') {
      depth += 1
      if (depth > mostDepth) return false
    } else if (character === ']' || character === '}') depth -= 1
  }
  return true
}
