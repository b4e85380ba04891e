import type { Item } from '@cdrstream/engine'
import { findJsonEnd, skipWhitespace } from './find-json-end.ts'

type SplitPage<Read> =
  /** `hasErrors`: a list `errors` that is not empty stands beside them. */
  | { readonly kind: 'items'; readonly items: readonly Read[]; readonly hasErrors: boolean }
  /** No JSON object with a list of items. Never with content of the page. */
  | { readonly kind: 'malformed'; readonly detail: string }

/** After so many bytes, about 50 records, other work gets its turn. */
const turnBytes = 131_072

const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d
const colon = 0x3a
const comma = 0x2c

/**
 * Cuts `{"items": [...]}`, in valid UTF-8, into the exact text of each item, and its value; parsing each item apart costs little more than
 * parsing the page at once, and printing them again would cost as much again. Agrees with `JSON.parse(page).items` on every input, also on
 * which pages are malformed: of a repeated key the last counts, other keys and the order do not matter.
 *
 * `read` is called for each item in order, before the whole page is known to be well-formed; its results are the items.
 *
 * It takes bytes because a text of the whole page would be garbage of twice its size, and the journal wants bytes again. Those of the
 * items share the memory of the page.
 */
export async function splitItems<Read>(
  page: Buffer,
  read: (item: Item) => Read,
  giveTurn: () => Promise<void>,
): Promise<SplitPage<Read>> {
  let items: readonly Read[] | undefined
  let hasErrors = false
  let at = skipWhitespace(page, 0)
  if (page[at] !== openBrace) return malformed('no JSON object', at)
  at = skipWhitespace(page, at + 1)
  if (page[at] !== closeBrace) {
    for (;;) {
      const key = readItem(page, at)
      if (typeof key?.value !== 'string') return malformed('no key', at)
      at = skipWhitespace(page, at + key.bytes.length)
      if (page[at] !== colon) return malformed('no colon', at)
      at = skipWhitespace(page, at + 1)
      if (key.value === 'items' && page[at] === openBracket) {
        const list = await splitList(page, at, read, giveTurn)
        if (list.items === undefined) return malformed('no item', list.end)
        items = list.items
        at = list.end
      } else {
        const other = readItem(page, at)
        if (other === undefined) return malformed('no value', at)
        if (key.value === 'items') items = undefined
        if (key.value === 'errors') hasErrors = Array.isArray(other.value) && other.value.length > 0
        at += other.bytes.length
      }
      at = skipWhitespace(page, at)
      if (page[at] === closeBrace) break
      if (page[at] !== comma) return malformed('no comma', at)
      at = skipWhitespace(page, at + 1)
    }
  }
  at = skipWhitespace(page, at + 1)
  if (at < page.length) return malformed('more after the object', at)
  return items === undefined ? malformed('no list of items', at) : { kind: 'items', items, hasErrors }
}

interface SplitList<Read> {
  /** Undefined: at `end` there is no item. */
  readonly items: readonly Read[] | undefined
  readonly end: number
}

async function splitList<Read>(
  page: Buffer,
  from: number,
  read: (item: Item) => Read,
  giveTurn: () => Promise<void>,
): Promise<SplitList<Read>> {
  const items: Read[] = []
  let at = skipWhitespace(page, from + 1)
  if (page[at] === closeBracket) return { items, end: at + 1 }
  let expectFlat = true
  let turnAt = at
  for (;;) {
    const flat: Item | undefined = expectFlat ? readFlatObject(page, at) : undefined
    const item: Item | undefined = flat ?? readItem(page, at)
    if (item === undefined) return { items: undefined, end: at }
    items.push(read(item))
    // A try that fails costs more than the search: after one, none until an object was flat again.
    if (page[at] === openBrace) expectFlat = item.text.indexOf('}') === item.text.length - 1
    at = skipWhitespace(page, at + item.bytes.length)
    if (page[at] === closeBracket) return { items, end: at + 1 }
    if (page[at] !== comma) return { items: undefined, end: at }
    at = skipWhitespace(page, at + 1)
    if (at - turnAt >= turnBytes) {
      turnAt = at
      await giveTurn()
    }
  }
}

/**
 * The object that ends at the next closing brace, as records do; undefined if it does not. If the slice parses it is the item, since no
 * object's text begins with another whole object's.
 */
function readFlatObject(page: Buffer, from: number): Item | undefined {
  if (page[from] !== openBrace) return undefined
  const end = page.indexOf(closeBrace, from) + 1
  return end === 0 ? undefined : parseItem(page, from, end)
}

function readItem(page: Buffer, from: number): Item | undefined {
  const end = findJsonEnd(page, from)
  return end === -1 ? undefined : parseItem(page, from, end)
}

function parseItem(page: Buffer, from: number, end: number): Item | undefined {
  const text = page.toString('utf8', from, end)
  try {
    return { text, bytes: page.subarray(from, end), value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

function malformed(missing: string, at: number): SplitPage<never> {
  return { kind: 'malformed', detail: `the body is not a page: ${missing} at byte ${at}` }
}
