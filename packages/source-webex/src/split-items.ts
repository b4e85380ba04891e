import type { Item } from '@cdrstream/engine'
import { findJsonEnd, skipWhitespace } from './find-json-end.ts'

type SplitPage<Read> =
  | { readonly kind: 'items'; readonly items: readonly Read[] }
  /** No JSON object with a list of items. Never with content of the page. */
  | { readonly kind: 'malformed'; readonly detail: string }

/** After so many characters, about 50 records, other work gets its turn. */
const turnCharacters = 131_072

/**
 * Cuts `{"items": [...]}` into the exact text of each item, and its value; parsing each item apart costs little more than parsing the
 * page at once, and printing them again would cost as much again. Agrees with `JSON.parse(page).items` on every input, also on which
 * pages are malformed: of a repeated key the last counts, other keys and the order do not matter.
 *
 * `read` is called for each item in order, before the whole page is known to be well-formed; its results are the items.
 *
 * The texts share the memory of the page: who keeps one keeps them all.
 */
export async function splitItems<Read>(
  page: string,
  read: (item: Item) => Read,
  giveTurn: () => Promise<void>,
): Promise<SplitPage<Read>> {
  let items: readonly Read[] | undefined
  let at = skipWhitespace(page, 0)
  if (page[at] !== '{') return malformed('no JSON object', at)
  at = skipWhitespace(page, at + 1)
  if (page[at] !== '}') {
    for (;;) {
      const key = readItem(page, at)
      if (typeof key?.value !== 'string') return malformed('no key', at)
      at = skipWhitespace(page, at + key.text.length)
      if (page[at] !== ':') return malformed('no colon', at)
      at = skipWhitespace(page, at + 1)
      if (key.value === 'items' && page[at] === '[') {
        const list = await splitList(page, at, read, giveTurn)
        if (list.items === undefined) return malformed('no item', list.end)
        items = list.items
        at = list.end
      } else {
        const other = readItem(page, at)
        if (other === undefined) return malformed('no value', at)
        if (key.value === 'items') items = undefined
        at += other.text.length
      }
      at = skipWhitespace(page, at)
      if (page[at] === '}') break
      if (page[at] !== ',') return malformed('no comma', at)
      at = skipWhitespace(page, at + 1)
    }
  }
  at = skipWhitespace(page, at + 1)
  if (at < page.length) return malformed('more after the object', at)
  return items === undefined ? malformed('no list of items', at) : { kind: 'items', items }
}

interface SplitList<Read> {
  /** Undefined: at `end` there is no item. */
  readonly items: readonly Read[] | undefined
  readonly end: number
}

async function splitList<Read>(
  page: string,
  from: number,
  read: (item: Item) => Read,
  giveTurn: () => Promise<void>,
): Promise<SplitList<Read>> {
  const items: Read[] = []
  let at = skipWhitespace(page, from + 1)
  if (page[at] === ']') return { items, end: at + 1 }
  let expectFlat = true
  let turnAt = at
  for (;;) {
    const flat: Item | undefined = expectFlat ? readFlatObject(page, at) : undefined
    const item: Item | undefined = flat ?? readItem(page, at)
    if (item === undefined) return { items: undefined, end: at }
    items.push(read(item))
    // A try that fails costs more than the search: after one, none until an object was flat again.
    if (page[at] === '{') expectFlat = item.text.indexOf('}') === item.text.length - 1
    at = skipWhitespace(page, at + item.text.length)
    if (page[at] === ']') return { items, end: at + 1 }
    if (page[at] !== ',') return { items: undefined, end: at }
    at = skipWhitespace(page, at + 1)
    if (at - turnAt >= turnCharacters) {
      turnAt = at
      await giveTurn()
    }
  }
}

/**
 * The object that ends at the next closing brace, as records do; undefined if it does not. If the slice parses it is the item, since no
 * object's text begins with another whole object's.
 */
function readFlatObject(page: string, from: number): Item | undefined {
  if (page[from] !== '{') return undefined
  const end = page.indexOf('}', from) + 1
  return end === 0 ? undefined : parseItem(page.slice(from, end))
}

function readItem(page: string, from: number): Item | undefined {
  const end = findJsonEnd(page, from)
  return end === -1 ? undefined : parseItem(page.slice(from, end))
}

function parseItem(text: string): Item | undefined {
  try {
    return { text, value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

function malformed(missing: string, at: number): SplitPage<never> {
  return { kind: 'malformed', detail: `the body is not a page: ${missing} at character ${at}` }
}
