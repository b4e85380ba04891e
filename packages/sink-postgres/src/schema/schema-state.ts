import type { Connection } from '../connection/connection.ts'
import type { TableColumn } from '../rows/table-columns.ts'
import type { SchemaOptions } from './schema-statements.ts'
import { type PartitionedTable, partitionedTables, quoted } from './tables.ts'

/** Which parts of the schema exist on the server. */
export interface SchemaState {
  /** Null if the schema does not exist yet. */
  readonly version: number | null
  readonly missingTables: readonly string[]
  readonly missingColumns: readonly { readonly table: PartitionedTable; readonly column: TableColumn }[]
  /** Columns whose type differs from the type that COPY sends, described for a message. */
  readonly alteredColumns: readonly string[]
  /** Privileges that the user needs and lacks, such as `insert on cdr.record`. */
  readonly missingGrants: readonly string[]
}

/** Returns what is missing, described for a message: `table cdr.record`, `column cdr.record.duration`. */
export function missingParts(
  { missingTables, missingColumns }: SchemaState,
  schema: string,
): readonly string[] {
  return [
    ...missingTables.map((name) => `table ${schema}.${name}`),
    ...missingColumns.map(({ table, column }) => `column ${schema}.${table}.${column.name}`),
  ]
}

/** The types that accept the binary form of a string and store it unchanged. */
const textTypes = ['text', 'character varying', 'citext']

/**
 * Returns the privilege to create tables if the user lacks it, such as `create on schema cdr`; otherwise
 * undefined.
 */
export async function missingRightToCreate(
  connection: Connection,
  schema: string,
): Promise<string | undefined> {
  const [found] = await connection.query<{ database: string; schema: boolean; allowed: boolean }>(
    `select current_database() as database, s.oid is not null as schema,
      case when s.oid is null then has_database_privilege(current_database(), 'create')
        else has_schema_privilege(s.oid, 'create') end as allowed
    from (select to_regnamespace($1)::oid as oid) as s`,
    [quoted(schema)],
  )
  if (found === undefined || found.allowed) return undefined
  return found.schema ? `create on schema ${schema}` : `create on database ${found.database}`
}

const privileges = ['select', 'insert', 'update', 'delete'] as const

/** Returns the state of the schema, compared with these columns. */
export async function readSchemaState(
  connection: Connection,
  options: SchemaOptions,
  columns: readonly TableColumn[],
): Promise<SchemaState> {
  const { schema } = options
  const tables = [...partitionedTables(options), 'coverage', 'position', 'migration']
  const found = await connection.query<{
    name: string
    types: Readonly<Record<string, string>>
    granted: string[]
  }>(
    `select c.relname as name,
      (select json_object_agg(attname, format_type(coalesce(nullif(t.typbasetype, 0), t.oid), null)) from pg_attribute
        join pg_type t on t.oid = atttypid where attrelid = c.oid and attnum > 0 and not attisdropped) as types,
      array(select p from unnest($3::text[]) as p where has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, p)) as granted
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = $1 and c.relname = any($2) and c.relkind in ('r', 'p')`,
    [schema, tables, privileges],
  )
  const byName = new Map(found.map((table) => [table.name, table]))
  const missingTables = tables.filter((name) => !byName.has(name))
  return {
    version: missingTables.includes('migration')
      ? null
      : await readVersion(connection, schema, byName.get('migration')),
    missingTables,
    missingColumns: partitionedTables(options).flatMap((table) => {
      const found = byName.get(table)?.types
      return found === undefined
        ? []
        : columns.filter(({ name }) => found[name] === undefined).map((column) => ({ table, column }))
    }),
    alteredColumns: partitionedTables(options).flatMap((table) =>
      columns.flatMap(({ name, type }) => {
        const found = byName.get(table)?.types[name]
        const fits = found === undefined || found === type || (type === 'text' && textTypes.includes(found))
        return fits ? [] : [`${schema}.${table}.${name} is ${found}, not ${type}`]
      }),
    ),
    missingGrants: found.flatMap(({ name, granted }) =>
      needed(name)
        .filter((privilege) => !granted.includes(privilege))
        .map((privilege) => `${privilege} on ${schema}.${name}`),
    ),
  }
}

function needed(table: string): readonly string[] {
  if (table === 'migration') return ['select']
  return table === 'coverage' || table === 'position'
    ? ['select', 'insert', 'update']
    : ['select', 'insert', 'delete']
}

async function readVersion(
  connection: Connection,
  schema: string,
  table: { readonly granted: readonly string[] } | undefined,
): Promise<number | null> {
  if (table?.granted.includes('select') !== true) return null
  const [row] = await connection.query<{ version: number | null }>(
    `select max(version) as version from ${quoted(schema)}.migration`,
  )
  return row?.version ?? null
}
