import type { CdrFields } from '@cdrstream/catalogue'
import { normalizeFields } from './generated/normalize-fields.ts'
import { readOtherNames } from './read-other-names.ts'
import type { Findings } from './read-value.ts'

export { canonicalContent } from './canonical-content.ts'

/** A record as every sink gets it. */
export interface NormalizedRecord {
  /** The catalogue's fields, typed; null where absent, empty, a null marker of that field, or in `extra`. */
  readonly fields: CdrFields
  /**
   * What `fields` cannot hold, as it came: the keys that the catalogue does not know, unless they are null or empty; under a field's own
   * name a value that does not fit its type, or a time finer than a millisecond; and second spellings of a field that say something else.
   */
  readonly extra: ReadonlyMap<string, unknown>
}

/** Normalizes what `JSON.parse` made of a record's text. Never throws. */
export function normalizeRecord(record: Readonly<Record<string, unknown>>): NormalizedRecord {
  const findings: Findings = { known: 0, extra: new Map() }
  const fields = normalizeFields(record, findings)
  const names = Object.keys(record)
  if (names.length !== findings.known) readOtherNames(record, names, fields, findings)
  return { fields, extra: findings.extra }
}
