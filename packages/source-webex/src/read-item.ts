import type { Item } from '@cdrstream/core'
import { type JsonExtent, measureJson } from './measure-json.ts'
import type { PageBounds } from './page-bounds.ts'

/** The bytes of a page, and what is known of them. */
export interface PageBytes {
  readonly bytes: Buffer
  /** Whether they are valid UTF-8. */
  readonly isUtf8: boolean
  readonly bounds: PageBounds
}

export interface ItemAt {
  readonly item: Item
  /** The index after its last byte. */
  readonly end: number
  /** It is an object whose first closing brace is its last character. */
  readonly isFlat: boolean
  /** It is more than the bounds allow. */
  readonly isTooLarge: boolean
}

const openBrace = 0x7b
const closeBrace = 0x7d

/**
 * Returns the object that ends at the next closing brace, as records do, or undefined if there is none. If
 * the slice parses it is the item, since no object's text begins with another whole object's.
 */
export function readFlatObject({ bytes, isUtf8, bounds }: PageBytes, from: number): ItemAt | undefined {
  if (bytes[from] !== openBrace) return undefined
  const end = bytes.indexOf(closeBrace, from) + 1
  // In valid JSON each mark takes two bytes, so up to here there is nothing to count.
  if (end === 0 || end - from > Math.min(2 * bounds.itemMarks, bounds.itemBytes)) return undefined
  const text = bytes.toString('utf8', from, end)
  // Without a list it is one level deep.
  if (text.includes('[')) return undefined
  const value = parse(text)
  if (value === undefined) return undefined
  return {
    item: parsed(text, bytes.subarray(from, end), value, isUtf8),
    end,
    isFlat: true,
    isTooLarge: false,
  }
}

/**
 * Returns what begins at `from`, up to the end that its quotes and brackets give it, or undefined if there is
 * nothing, or no end.
 */
export function readItem({ bytes, isUtf8, bounds }: PageBytes, from: number): ItemAt | undefined {
  const extent = measureJson(bytes, from)
  if (extent === undefined || extent.end === from) return undefined
  const { end } = extent
  const excess = excessOf(extent, from, bounds)
  const own = bytes.subarray(from, Math.min(end, from + bounds.itemBytes))
  const text = own.toString()
  const isFlat = bytes[from] === openBrace && text.indexOf('}') === text.length - 1
  const value = excess === undefined ? parse(text) : undefined
  const item: Item =
    value === undefined
      ? { kind: 'unreadable', bytes: own, text, totalBytes: end - from, flaw: excess ?? 'invalid JSON' }
      : parsed(text, own, value, isUtf8)
  return { item, end, isFlat, isTooLarge: excess !== undefined }
}

function excessOf({ end, marks, depth }: JsonExtent, from: number, bounds: PageBounds): string | undefined {
  if (end - from > bounds.itemBytes) return `more than ${bounds.itemBytes} bytes`
  if (marks > bounds.itemMarks) return `more than ${bounds.itemMarks} commas, colons and opening brackets`
  return depth > bounds.itemDepth ? `nested more than ${bounds.itemDepth} levels deep` : undefined
}

function parsed(text: string, bytes: Buffer, value: unknown, isPageUtf8: boolean): Item {
  // What is not UTF-8 became U+FFFD in the text. Refusing the item for it would lose a record for the sake of
  // a character.
  return { kind: 'parsed', text, bytes: isPageUtf8 ? bytes : Buffer.from(text), value }
}

/** Returns undefined if the text is not JSON, which has no value of that name. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
