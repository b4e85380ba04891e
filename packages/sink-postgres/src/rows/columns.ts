import { type CatalogueField, type ColumnName, catalogue, type FieldType } from '@cdrstream/catalogue'

/** The types that fields have in Postgres; `row-encoder.ts` writes each. */
export type ColumnType = 'text' | 'boolean' | 'integer' | 'double precision' | 'timestamp with time zone'

/** A column that holds a field of the catalogue. */
export interface FieldColumn {
  readonly column: ColumnName
  readonly type: ColumnType
  /** The field's name in the API: what a value is called in `extra` that the column cannot hold. */
  readonly name: string
  readonly comment: string
}

/** A uuid, a number or an address in a text field is promised nowhere: text holds whatever comes, and can be cast in a query. */
const columnTypes: Readonly<Record<FieldType, ColumnType>> = {
  timestamp: 'timestamp with time zone',
  number: 'integer',
  'integer-string': 'integer',
  'decimal-string': 'double precision',
  'boolean-string': 'boolean',
  'uuid-string': 'text',
  string: 'text',
}

/** One column for each field: what the tables have after the sink's own columns. */
export const fieldColumns: readonly FieldColumn[] = fieldColumnsOf(catalogue)

function fieldColumnsOf(fields: readonly CatalogueField[]): readonly FieldColumn[] {
  return fields.map(({ column, type, name, description }) => ({
    column,
    type: columnTypes[type],
    name,
    comment: `${name}: ${description}`,
  }))
}
