/**
 * Limits on the content of a page, in addition to its bytes. Three bytes of JSON (`{},`) take forty bytes of
 * memory, so a limit on bytes alone does not bound the memory that a page takes.
 */
export interface PageBounds {
  /** The maximum number of items. */
  readonly items: number
  /** The maximum number of keys besides `items`. */
  readonly otherKeys: number
  /**
   * The maximum size in bytes of one item, or of another key's value. A larger item is truncated to this size
   * and quarantined.
   */
  readonly itemBytes: number
  /** The maximum number of commas, colons and opening brackets in one item, or in another key's value. */
  readonly itemMarks: number
  /** How deeply arrays and objects may be nested in one item, or in another key's value. */
  readonly itemDepth: number
}

/**
 * The default bounds. A Webex page has at most 5,000 items, and a record has 87 fields in about 2,800 bytes.
 */
export const usualBounds: PageBounds = {
  items: 20_000,
  otherKeys: 1_000,
  itemBytes: 1_000_000,
  itemMarks: 20_000,
  itemDepth: 500,
}
