import { type CatalogueField, type ColumnName, catalogue, type FieldType } from '@cdrstream/catalogue'

/** The PostgreSQL type of a field. `value-writers.ts` has a writer for each. */
export type ColumnType = 'text' | 'boolean' | 'integer' | 'double precision' | 'timestamp with time zone'

/** A column that holds a catalogue field. */
export interface FieldColumn {
  readonly column: ColumnName
  readonly type: ColumnType
  /** The field's name in the API, and in `extra` for a value that the column cannot hold. */
  readonly name: string
  readonly comment: string
}

/**
 * Text fields stay text, because the documentation does not guarantee that they contain UUIDs, numbers or
 * addresses. A query can cast them.
 */
const columnTypes: Readonly<Record<FieldType, ColumnType>> = {
  timestamp: 'timestamp with time zone',
  number: 'integer',
  'integer-string': 'integer',
  'decimal-string': 'double precision',
  'boolean-string': 'boolean',
  'uuid-string': 'text',
  string: 'text',
}

/** The field columns, one per field, which follow the sink's own columns. */
export const fieldColumns: readonly FieldColumn[] = fieldColumnsOf(catalogue)

function fieldColumnsOf(fields: readonly CatalogueField[]): readonly FieldColumn[] {
  return fields.map(({ column, type, name, description }) => ({
    column,
    type: columnTypes[type],
    name,
    comment: `${name}: ${description}`,
  }))
}
