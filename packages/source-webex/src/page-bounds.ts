/**
 * How much may be in a page, beside its bytes. Three bytes of JSON (`{},`) become forty of memory, so a bound
 * on bytes alone does not bound the memory that a page takes.
 */
export interface PageBounds {
  /** Items of a page. */
  readonly items: number
  /** Keys beside `items`. */
  readonly otherKeys: number
  /** Of one item, and of the value of another key. Of a larger item, this many bytes go to quarantine. */
  readonly itemBytes: number
  /** Commas, colons and opening brackets of one item, and of the value of another key. */
  readonly itemMarks: number
  /** How deep lists and objects may be nested in one item, and in the value of another key. */
  readonly itemDepth: number
}

/** Webex's pages have at most 5,000 items, and a record has 87 fields in about 2,800 bytes. */
export const usualBounds: PageBounds = {
  items: 20_000,
  otherKeys: 1_000,
  itemBytes: 1_000_000,
  itemMarks: 20_000,
  itemDepth: 500,
}
