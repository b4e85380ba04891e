import { type TableColumn, tableColumns } from '../rows/table-columns.ts'
import { literal, type PartitionedTable, partitionedTables, quoted } from './tables.ts'

export interface SchemaOptions {
  readonly schema: string
  readonly rawText: boolean
  readonly keepRevisions: boolean
}

const primaryKeys: Readonly<Record<PartitionedTable, string>> = {
  // The day comes first so that records written together are stored together.
  record: 'home, org, key',
  revision: 'home, org, key, rank',
}

const tableComments: Readonly<Record<PartitionedTable, string>> = {
  record:
    'Webex Calling call detail records. Each record appears once, in its newest revision. One row is one leg of a call.',
  revision:
    'All revisions that were written since keepRevisions was set, including those of records that are no longer in the table "record".',
}

/** The columns that users search by. `key` is for the sink's lookups and for searches by Report ID. */
const searchedColumns = [
  'key',
  'start_time',
  'correlation_id',
  'user_uuid',
  'calling_number',
  'called_number',
] as const

/**
 * Columns that are compared byte by byte, because searches use the entire value or a prefix. This is several
 * times faster than a linguistic comparison, and `like '+49%'` can use the index.
 */
const bytewise: ReadonlySet<string> = new Set(['org', ...searchedColumns])

/**
 * Columns whose values have no useful order and are searched for in full. A hash index is smaller, and faster
 * to search and to insert into.
 */
const hashed: ReadonlySet<string> = new Set(['key', 'correlation_id'])

/** Returns statements that create what is missing and leave existing objects unchanged. */
export function schemaStatements(options: SchemaOptions): readonly string[] {
  const schema = quoted(options.schema)
  return [
    // `create schema if not exists` requires the privilege to create schemas even if the schema exists.
    `do $$ begin if to_regnamespace(${literal(schema)}) is null then create schema ${schema}; end if; end $$`,
    `create table if not exists ${schema}.migration (version integer primary key, applied_at timestamp with time zone not null default now())`,
    `comment on table ${schema}.migration is ${literal('The versions of this schema that cdrstream has made.')}`,
    `create table if not exists ${schema}.position (
  sink text not null, incarnation text not null, journal_offset bigint not null, journal_commit text not null,
  rewound_at timestamp with time zone, updated_at timestamp with time zone not null default now(),
  primary key (sink, incarnation)
)`,
    `comment on table ${schema}.position is ${literal('How far each sink of cdrstream has written each journal into this schema. For cdrstream only.')}`,
    `create table if not exists ${schema}.coverage (
  org text primary key, complete_through timestamp with time zone not null, gaps jsonb not null,
  updated_at timestamp with time zone not null default now()
)`,
    `comment on table ${schema}.coverage is ${literal('How far the records of each org are complete, by the time of their insertion at Webex.')}`,
    `comment on column ${schema}.coverage.complete_through is ${literal('No record that was inserted before this time is missing here, except in the gaps.')}`,
    `comment on column ${schema}.coverage.gaps is ${literal('Spans of insertion time in which records may be missing, as a list of {"from", "to", "reason"}.')}`,
    ...partitionedTables(options).flatMap((table) => tableStatements(table, options)),
  ]
}

function tableStatements(table: PartitionedTable, options: SchemaOptions): readonly string[] {
  const name = `${quoted(options.schema)}.${table}`
  const columns = tableColumns(options)
  const lines = columns.map((column) => `  ${columnDefinition(column)}`)
  return [
    `create table if not exists ${name} (\n${lines.join(',\n')},\n  primary key (${primaryKeys[table]})\n) partition by range (home)`,
    `comment on table ${name} is ${literal(tableComments[table])}`,
    ...columns.map((column) => columnComment(name, column)),
    ...(table === 'record' ? searchedColumns : []).map(
      (column) =>
        `create index if not exists ${table}_${column} on ${name} using ${hashed.has(column) ? 'hash' : 'btree'} (${column})`,
    ),
  ]
}

/** Returns statements that add a column to a table from an earlier version. */
export function addColumnStatements(
  table: PartitionedTable,
  schema: string,
  column: TableColumn,
): readonly string[] {
  const name = `${quoted(schema)}.${table}`
  return [addedColumn(name, column), columnComment(name, column)]
}

/** Returns a statement that adds a nullable column, because existing rows have no value for it. */
export function addedColumn(table: string, column: TableColumn): string {
  return `alter table ${table} add column if not exists ${columnDefinition({ ...column, notNull: false })}`
}

function columnDefinition({ name, type, notNull }: TableColumn): string {
  const collation = type === 'text' && bytewise.has(name) ? ' collate "C"' : ''
  return `${quoted(name)} ${type}${collation}${notNull ? ' not null' : ''}`
}

function columnComment(table: string, { name, comment }: TableColumn): string {
  return `comment on column ${table}.${quoted(name)} is ${literal(comment)}`
}
