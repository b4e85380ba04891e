import type { CdrFields } from '@cdrstream/catalogue'

/** Which endpoint brought the record. */
export type RecordSource = 'stream' | 'feed'

/** One revision of one call detail record, as every sink gets it. */
export interface CdrRecord {
  /** The org's name in the configuration. */
  readonly org: string
  /** What makes two records the same one: the Report ID, or `content:` and a hash where there is none. Unique in an org. */
  readonly key: string
  /** Orders the revisions of a key: the highest is the one to show. A safe integer, distinct in a key. */
  readonly rank: number
  /** The UTC day (`YYYY-MM-DD`) given to the key when it was first seen. It never changes: partition by it. */
  readonly home: string
  /** When the journal took the record, in milliseconds since 1970, UTC. */
  readonly acceptedAtMs: number
  readonly source: RecordSource
  /**
   * The API's own JSON text of the record, unchanged except for what the sink's `fields` in the configuration
   * hide. Like `fields` and `extra`, it is computed on first access and cached only for the most recently
   * read record; store the value if you need it again.
   */
  readonly text: string
  /** The catalogue's fields, typed; null where empty or a null marker. */
  readonly fields: CdrFields
  /** What `fields` cannot hold: keys that the catalogue does not know, and values that do not fit their type. */
  readonly extra: ReadonlyMap<string, unknown>
}
