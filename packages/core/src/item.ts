/** One element of `items` as the API sent it, before anything is known of it. */
export type Item = ParsedItem | UnreadableItem

/** An item with a JSON value, whatever it is. */
interface ParsedItem {
  readonly kind: 'parsed'
  /** Its exact JSON text. */
  readonly text: string
  /** The same in UTF-8. They share the memory of the page, and are gone with its `release`. */
  readonly bytes: Uint8Array
  readonly value: unknown
}

/** An item that has a beginning and an end, but no value. */
interface UnreadableItem {
  readonly kind: 'unreadable'
  /** The bytes as they came, possibly cut. They share the memory of the page as well. */
  readonly bytes: Uint8Array
  /** The same as a text. */
  readonly text: string
  /** The size of the whole item. */
  readonly totalBytes: number
  /** Why it has no value, for a person, without content: `invalid JSON`, `more than 1000000 bytes`. */
  readonly flaw: string
}
