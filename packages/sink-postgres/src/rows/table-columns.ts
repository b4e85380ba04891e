import { type ColumnType, type FieldColumn, fieldColumns } from './columns.ts'

/** A column of the tables. */
export interface TableColumn {
  readonly name: string
  readonly type: ColumnType | 'bigint' | 'date' | 'jsonb'
  readonly notNull: boolean
  readonly comment: string
}

/** The columns of the sink itself, before the fields of a record. */
const ownColumns: readonly TableColumn[] = [
  own('org', 'text', 'The name of the organization in the configuration of cdrstream.'),
  own('key', 'text', 'What makes two records the same one: the Report ID, or a hash. Unique in an org.'),
  own('rank', 'bigint', 'Orders the revisions of a key; the highest is shown.'),
  own(
    'home',
    'date',
    'The UTC day given to a key when it was first seen. The table is partitioned by it; it never changes.',
  ),
  own('source', 'text', 'Which endpoint brought the record: stream or feed.'),
  own('accepted_at', 'timestamp with time zone', 'When cdrstream took the record.'),
]

const extraColumn: TableColumn = {
  name: 'extra',
  type: 'jsonb',
  notNull: false,
  comment:
    'By their names in the API: fields that the catalogue does not know, and values that their column cannot hold.',
}

const rawColumn: TableColumn = {
  name: 'raw',
  type: 'text',
  notNull: false,
  comment: 'The record as the API sent it: JSON.',
}

/** All columns, in the order in which the sink writes them. */
export function tableColumns(
  { rawText }: { readonly rawText: boolean },
  fields: readonly FieldColumn[] = fieldColumns,
): readonly TableColumn[] {
  const typed = fields.map(({ column, type, comment }) => ({ name: column, type, notNull: false, comment }))
  return [...ownColumns, ...typed, extraColumn, ...(rawText ? [rawColumn] : [])]
}

/** Returns their names, for a statement. */
export function columnList(options: { readonly rawText: boolean }): string {
  return tableColumns(options)
    .map(({ name }) => `"${name}"`)
    .join()
}

function own(name: string, type: TableColumn['type'], comment: string): TableColumn {
  return { name, type, notNull: true, comment }
}
