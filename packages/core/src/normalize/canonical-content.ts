import { type CdrFields, type ColumnName, catalogue } from '@cdrstream/catalogue'
import { canonicalJson } from './canonical-json.ts'
import { canonicalFields } from './generated/canonical-fields.ts'
import type { NormalizedRecord } from './normalized-record.ts'
import { finerThanMs } from './parse-timestamp.ts'

/**
 * The content of a record without `extra` as one text: the values of the catalogue's fields as a JSON array.
 * The fingerprint needs this text anyway. It stays with the record because `cdrRecord` reads the fields from
 * it faster than from the record's JSON text ([decision
 * 13](../../../../docs/decisions/0013-canonical-content-accompanies-the-record.md)).
 *
 * It is optional wherever a record carries it, and may be dropped at any step: the fields are then read from
 * the text. The collector drops it if the contents of a page are too large, and a journal need not store it.
 */
export type CanonicalContent = string

/**
 * Returns a string that is equal for two records if and only if their content is equal: equal fields, and
 * equal values under equal unknown keys. Two times are equal if they are the same instant, in any notation.
 * The text is ASCII except where it quotes the record, and has no lone surrogates, so it can be encoded as
 * UTF-8 without loss.
 *
 * For a record without `extra` the text is complete: `fieldsOf` reads the fields back from it.
 *
 * Journals store its digest: if this text changes, every record that is read again becomes a revision.
 */
export function canonicalContent({ fields, extra }: NormalizedRecord): string {
  const known = canonicalFields(fields)
  return extra.size === 0 ? known : known + canonicalExtra(fields, extra)
}

function canonicalExtra(fields: CdrFields, extra: ReadonlyMap<string, unknown>): string {
  const names = [...extra.keys()].sort()
  return names
    .map((name) => `${JSON.stringify(name)}:${canonicalValue(name, extra.get(name), fields)}`)
    .join()
}

/**
 * Returns the canonical text of a value in `extra`. If the field has a time to the millisecond, `extra` has
 * it only because of its finer digits, and only these count.
 */
function canonicalValue(name: string, value: unknown, fields: CdrFields): string {
  const column = timestampColumns.get(name)
  const cut = column !== undefined && fields[column] !== null && typeof value === 'string'
  return cut ? `.${finerThanMs(value)}` : canonicalJson(value)
}

const timestampColumns: ReadonlyMap<string, ColumnName> = new Map(
  catalogue.filter(({ type }) => type === 'timestamp').map(({ name, column }) => [name, column]),
)
