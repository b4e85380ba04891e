/** One element of `items`, as the API sent it. */
export type Item = ParsedItem | UnreadableItem

/** An item with a valid JSON value of any type. */
interface ParsedItem {
  readonly kind: 'parsed'
  /** The exact JSON text of the item. */
  readonly text: string
  /** The same text in UTF-8. The bytes share the memory of the page and become invalid with its `release`. */
  readonly bytes: Uint8Array
  readonly value: unknown
}

/** An item whose beginning and end are known, but that has no value. */
interface UnreadableItem {
  readonly kind: 'unreadable'
  /** The bytes as received, possibly truncated. They also share the memory of the page. */
  readonly bytes: Uint8Array
  /** The same as text. */
  readonly text: string
  /** The size of the whole item, in bytes. */
  readonly totalBytes: number
  /**
   * A readable reason why the item has no value, without content: `invalid JSON`, `more than 1000000 bytes`.
   */
  readonly flaw: string
}
