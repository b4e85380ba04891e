import type { CdrFields } from '@cdrstream/catalogue'

/** The normalized form of a record, as every sink receives it. */
export interface NormalizedRecord {
  /**
   * The fields of the catalogue, typed; null if missing, empty, a null marker of that field, or in `extra`.
   */
  readonly fields: CdrFields
  /**
   * What `fields` cannot hold, as received: unknown keys, unless null or empty; under a field's name, a value
   * that does not fit its type or a time finer than a millisecond; and additional spellings of a field with a
   * different value.
   */
  readonly extra: ReadonlyMap<string, unknown>
}
