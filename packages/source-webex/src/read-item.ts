import type { Item } from '@cdrstream/core'
import { type JsonExtent, measureJson } from './measure-json.ts'
import type { PageBounds } from './page-bounds.ts'

/** The bytes of a page, and how to read them. */
export interface PageBytes {
  readonly bytes: Buffer
  /** The bytes are valid UTF-8. */
  readonly isUtf8: boolean
  readonly bounds: PageBounds
}

export interface ItemAt {
  readonly item: Item
  /** The index after its last byte. */
  readonly end: number
  /** The item is an object whose first closing brace is its last character. */
  readonly isFlat: boolean
  /** The item exceeds the bounds. */
  readonly isTooLarge: boolean
}

const openBrace = 0x7b
const closeBrace = 0x7d

/**
 * Returns the object that ends at the next closing brace, as records do, or undefined if there is none. If
 * the slice is valid JSON, it is the item, because no object is a prefix of another.
 */
export function readFlatObject({ bytes, isUtf8, bounds }: PageBytes, from: number): ItemAt | undefined {
  if (bytes[from] !== openBrace) return undefined
  const end = bytes.indexOf(closeBrace, from) + 1
  // In valid JSON, each mark takes two bytes, so a shorter slice cannot exceed the bounds.
  if (end === 0 || end - from > Math.min(2 * bounds.itemMarks, bounds.itemBytes)) return undefined
  const text = bytes.toString('utf8', from, end)
  // Without an array, an object that ends at the first closing brace has one level.
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
 * Returns the item that begins at `from` and ends where its quotes and brackets show. Returns undefined if
 * there is no item or if it does not end.
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
  // Bytes that are not UTF-8 became U+FFFD in the text. Refusing the item would lose a record because of one
  // character.
  return { kind: 'parsed', text, bytes: isPageUtf8 ? bytes : Buffer.from(text), value }
}

/** Returns the value, or undefined if the text is not JSON. No JSON value is undefined. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
