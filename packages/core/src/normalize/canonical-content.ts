import { type CdrFields, type ColumnName, catalogue } from '@cdrstream/catalogue'
import { canonicalJson } from './canonical-json.ts'
import { canonicalFields } from './generated/canonical-fields.ts'
import type { NormalizedRecord } from './normalized-record.ts'
import { finerThanMs } from './parse-timestamp.ts'

/**
 * A text that two records have in common exactly if their content is the same: equal fields, and equal values
 * under equal unknown keys. Two times count as equal if they are the same instant, however they are written.
 * The text is ASCII where it does not quote the record, and has no lone surrogates, so that it can be encoded
 * as UTF-8 without loss.
 *
 * Of a record without `extra` it holds all that is to know: `fieldsOf` reads it back.
 *
 * Journals remember a digest of it: a change of the text makes every record that is read again a revision.
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
 * A time that its field holds to the millisecond is in `extra` for what is finer, and this alone counts then.
 */
function canonicalValue(name: string, value: unknown, fields: CdrFields): string {
  const column = timestampColumns.get(name)
  const cut = column !== undefined && fields[column] !== null && typeof value === 'string'
  return cut ? `.${finerThanMs(value)}` : canonicalJson(value)
}

const timestampColumns: ReadonlyMap<string, ColumnName> = new Map(
  catalogue.filter(({ type }) => type === 'timestamp').map(({ name, column }) => [name, column]),
)
