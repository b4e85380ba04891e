import { isUtf8 } from 'node:buffer'
import type { Item } from '@cdrstream/core'
import { skipWhitespace } from './measure-json.ts'
import { type PageBounds, usualBounds } from './page-bounds.ts'
import { type ItemAt, type PageBytes, readFlatObject, readItem } from './read-item.ts'

type SplitPage<Read> =
  /** `hasErrors`: the page also has a non-empty array `errors`. */
  { readonly kind: 'items'; readonly items: readonly Read[]; readonly hasErrors: boolean } | SplitFault

interface SplitFault {
  /**
   * `malformed`: the page is not a JSON object with an array of items. `too-large`: it exceeds the bounds of
   * a page.
   */
  readonly kind: 'malformed' | 'too-large'
  /** Never contains page content. */
  readonly detail: string
}

/** The loop yields after this many bytes, about 50 records, so that other work can run. */
const turnBytes = 131_072

const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d
const colon = 0x3a
const comma = 0x2c

/**
 * Splits `{"items": [...]}` into the exact text of each item and its value. Parsing each item by itself costs
 * little more than parsing the whole page, and serializing the items would double the cost. The
 * result agrees with `JSON.parse(page).items` on every valid page: the last of several equal keys applies,
 * and other keys and their order do not matter. Bytes that are not UTF-8 become U+FFFD.
 *
 * An item that is not valid JSON, or exceeds the bounds, becomes `unreadable` and does not affect the others,
 * provided that its quotes and brackets show where it ends. Otherwise, the page is malformed.
 *
 * Calls `read` for each item in order, before the whole page is known to be well-formed, and returns its
 * results as the items.
 *
 * Works on bytes, because a string of the whole page would be garbage of twice its size, and the journal
 * stores bytes. The bytes of the items share the memory of the page.
 */
export async function splitItems<Read>(
  bytes: Buffer,
  read: (item: Item) => Read,
  yieldTurn: () => Promise<void>,
  bounds: PageBounds = usualBounds,
): Promise<SplitPage<Read>> {
  const page: PageBytes = { bytes, isUtf8: isUtf8(bytes), bounds }
  let items: readonly Read[] | undefined
  let hasErrors = false
  let at = skipWhitespace(bytes, 0)
  if (bytes[at] !== openBrace) return malformed('no JSON object', at)
  at = skipWhitespace(bytes, at + 1)
  if (bytes[at] !== closeBrace) {
    for (let keys = 1; ; keys += 1) {
      if (keys > bounds.otherKeys + 1)
        return tooLarge(`more than ${bounds.otherKeys} keys other than \`items\``)
      const key = readItem(page, at)
      if (key?.isTooLarge) return tooLarge('a key that is too large', at)
      const name = key?.item.kind === 'parsed' ? key.item.value : undefined
      if (key === undefined || typeof name !== 'string') return malformed('no key', at)
      at = skipWhitespace(bytes, key.end)
      if (bytes[at] !== colon) return malformed('no colon', at)
      at = skipWhitespace(bytes, at + 1)
      if (name === 'items' && bytes[at] === openBracket) {
        const list = await splitList(page, at, read, yieldTurn)
        if (list.kind !== 'list') return list
        items = list.items
        at = list.end
      } else {
        const other = readItem(page, at)
        if (other?.isTooLarge) return tooLarge('a value besides the items that is too large', at)
        if (other?.item.kind !== 'parsed') return malformed('no value', at)
        const { value } = other.item
        if (name === 'items') items = undefined
        if (name === 'errors') hasErrors = Array.isArray(value) && value.length > 0
        at = other.end
      }
      at = skipWhitespace(bytes, at)
      if (bytes[at] === closeBrace) break
      if (bytes[at] !== comma) return malformed('no comma', at)
      at = skipWhitespace(bytes, at + 1)
    }
  }
  at = skipWhitespace(bytes, at + 1)
  if (at < bytes.length) return malformed('text after the object', at)
  return items === undefined ? malformed('no array of items', at) : { kind: 'items', items, hasErrors }
}

interface SplitList<Read> {
  readonly kind: 'list'
  readonly items: readonly Read[]
  readonly end: number
}

async function splitList<Read>(
  page: PageBytes,
  from: number,
  read: (item: Item) => Read,
  yieldTurn: () => Promise<void>,
): Promise<SplitList<Read> | SplitFault> {
  const { bytes, bounds } = page
  const items: Read[] = []
  let at = skipWhitespace(bytes, from + 1)
  if (bytes[at] === closeBracket) return { kind: 'list', items, end: at + 1 }
  let expectFlat = true
  let turnAt = at
  for (;;) {
    if (items.length === bounds.items) return tooLarge(`more than ${bounds.items} items`)
    const cut: ItemAt | undefined = (expectFlat ? readFlatObject(page, at) : undefined) ?? readItem(page, at)
    if (cut === undefined) return malformed('no item', at)
    items.push(read(cut.item))
    // A failed attempt costs more than the search, so no attempt is made after one until an object is flat
    // again.
    if (bytes[at] === openBrace) expectFlat = cut.isFlat
    at = skipWhitespace(bytes, cut.end)
    if (bytes[at] === closeBracket) return { kind: 'list', items, end: at + 1 }
    if (bytes[at] !== comma) return malformed('no comma', at)
    at = skipWhitespace(bytes, at + 1)
    if (at - turnAt >= turnBytes) {
      turnAt = at
      await yieldTurn()
    }
  }
}

function malformed(missing: string, at: number): SplitFault {
  return { kind: 'malformed', detail: `the body is not a page: ${missing} at byte ${at}` }
}

function tooLarge(what: string, at?: number): SplitFault {
  return { kind: 'too-large', detail: `the page has ${what}${at === undefined ? '' : ` at byte ${at}`}` }
}
