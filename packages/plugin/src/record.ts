import type { CdrFields } from '@cdrstream/catalogue'

/** The endpoint that the record came from: `cdr_stream` or `cdr_feed`. */
export type RecordSource = 'stream' | 'feed'

/** One revision of one call detail record, as every sink receives it. */
export interface CdrRecord {
  /** The org's name in the configuration. */
  readonly org: string
  /** Identifies the record within its org: the Report ID, or `content:` and a hash if the record has none. */
  readonly key: string
  /** Orders the revisions of a key; the highest is the current one. A safe integer, unique within a key. */
  readonly rank: number
  /**
   * The UTC day (`YYYY-MM-DD`) assigned to the key when it was first seen. It never changes, so partition by
   * it.
   */
  readonly home: string
  /** When the journal accepted the record, in milliseconds since 1970, UTC. */
  readonly acceptedAtMs: number
  readonly source: RecordSource
  /**
   * The record's JSON text as the API sent it, except for values that the sink's `fields` in the
   * configuration hide. Like `fields` and `extra`, it is computed on first access and cached only for the
   * most recently read record; store the value if you need it again.
   */
  readonly text: string
  /** The catalogue's fields, typed. A field is null if it is empty or holds a null marker. */
  readonly fields: CdrFields
  /**
   * What `fields` cannot hold: keys that are not in the catalogue, and values that do not fit their field's
   * type.
   */
  readonly extra: ReadonlyMap<string, unknown>
}
