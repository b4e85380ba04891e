import { type ColumnType, type FieldColumn, fieldColumns } from './columns.ts'

/** A column of the tables. */
export interface TableColumn {
  readonly name: string
  readonly type: ColumnType | 'bigint' | 'date' | 'jsonb'
  readonly notNull: boolean
  readonly comment: string
}

/** The sink's own columns, which precede the field columns. */
const ownColumns: readonly TableColumn[] = [
  own('org', 'text', 'The name of the organization in the configuration of cdrstream.'),
  own('key', 'text', 'Identifies a record within an org: its Report ID, or a hash of its content.'),
  own('rank', 'bigint', 'Orders the revisions of a key. The highest is the current one.'),
  own(
    'home',
    'date',
    'The UTC day assigned to a key when it was first seen. It never changes. The table is partitioned by it.',
  ),
  own('source', 'text', 'The endpoint that returned the record: stream or feed.'),
  own('accepted_at', 'timestamp with time zone', 'When cdrstream accepted the record.'),
]

const extraColumn: TableColumn = {
  name: 'extra',
  type: 'jsonb',
  notNull: false,
  comment:
    'Fields that are not in the catalogue of cdrstream, and values that their column cannot hold, by their names in the API.',
}

const rawColumn: TableColumn = {
  name: 'raw',
  type: 'text',
  notNull: false,
  comment: 'The JSON of the record as the API sent it.',
}

/** Returns all columns, in the order in which the sink writes them. */
export function tableColumns(
  { rawText }: { readonly rawText: boolean },
  fields: readonly FieldColumn[] = fieldColumns,
): readonly TableColumn[] {
  const typed = fields.map(({ column, type, comment }) => ({ name: column, type, notNull: false, comment }))
  return [...ownColumns, ...typed, extraColumn, ...(rawText ? [rawColumn] : [])]
}

/** Returns the names of all columns, as a list for a statement. */
export function columnList(options: { readonly rawText: boolean }): string {
  return tableColumns(options)
    .map(({ name }) => `"${name}"`)
    .join()
}

function own(name: string, type: TableColumn['type'], comment: string): TableColumn {
  return { name, type, notNull: true, comment }
}
