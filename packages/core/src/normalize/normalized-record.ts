import type { CdrFields } from '@cdrstream/catalogue'

/** A record as every sink gets it. */
export interface NormalizedRecord {
  /** The catalogue's fields, typed; null where absent, empty, a null marker of that field, or in `extra`. */
  readonly fields: CdrFields
  /**
   * What `fields` cannot hold, as it came: the keys that the catalogue does not know, unless they are null or
   * empty; under a field's own name a value that does not fit its type, or a time finer than a millisecond;
   * and second spellings of a field that say something else.
   */
  readonly extra: ReadonlyMap<string, unknown>
}
