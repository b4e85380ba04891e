import type { ColumnName } from '@cdrstream/catalogue'
import type { CdrFields, CdrRecord } from '@cdrstream/plugin'
import { fieldColumns } from './columns.ts'
import type { Unstorable } from './value-writers.ts'

/** Where a record's values are stored if the server rejects its usual row. */
export interface RowForm {
  /** The columns that stay empty. Their values are in `extra`. */
  readonly withheld: ReadonlySet<ColumnName>
  /** Whether `extra` has only the member `@json`, with all values as text. */
  readonly extraAsText: boolean
}

export const usualForm: RowForm = { withheld: new Set(), extraAsText: false }

/** Returns the fields that stay in their columns, and adds the withheld ones to `unstorable`. */
export function fieldsOf({ fields }: CdrRecord, { withheld }: RowForm, unstorable: Unstorable): CdrFields {
  if (withheld.size === 0) return fields
  for (const { column, name } of fieldColumns) {
    if (withheld.has(column) && fields[column] !== null) unstorable.push([name, fields[column]])
  }
  return Object.fromEntries(
    fieldColumns.map(({ column }) => [column, withheld.has(column) ? null : fields[column]]),
  ) as unknown as CdrFields
}

/** Returns a form that withholds everything that either form withholds. */
export function mergedForm(a: RowForm, b: RowForm): RowForm {
  return { withheld: new Set([...a.withheld, ...b.withheld]), extraAsText: a.extraAsText || b.extraAsText }
}
