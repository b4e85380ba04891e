import { postgresSinkOptions } from '../postgres-sink-options.ts'
import { tableColumns } from '../rows/table-columns.ts'
import { type Month, monthAfter, monthAt } from './months.ts'
import { partitionName, partitionStatements } from './partition-statements.ts'
import { addedColumn, type SchemaOptions, schemaStatements } from './schema-statements.ts'
import { literal, type PartitionedTable, partitionedTables, quoted } from './tables.ts'
import { newestVersion, upgrades } from './upgrades.ts'

/** The options of `schemaSql`. Options shared with the sink have the sink's defaults. */
export interface SchemaSqlOptions extends Partial<SchemaOptions> {
  /** The first month to create a partition for, `YYYY-MM`. Default: the previous month, in UTC. */
  readonly fromMonth?: Month
  /** The number of months to create partitions for. Default 14. */
  readonly months?: number
}

/**
 * Returns the whole schema as an SQL script for an administrator (`manageSchema: false`): tables, comments,
 * indexes, partitions, and the grants that the sink's user needs. The script adds only what is missing, so it
 * can be run again at any time, and also upgrades the schema of an earlier version.
 */
export function schemaSql(options: SchemaSqlOptions = {}): string {
  const { fromMonth = monthAfter(monthAt(Date.now()), -1), months = 14 } = options
  const { schema, rawText, keepRevisions } = { ...postgresSinkOptions.parse({}), ...options }
  const schemaOptions = { schema, rawText, keepRevisions }
  const tables = partitionedTables(schemaOptions)
  const partitions = tables.flatMap((table) =>
    Array.from({ length: months }, (_, index) =>
      partitionIfMissing(schema, table, monthAfter(fromMonth, index)),
    ),
  )
  const statements = [
    // Suppresses a notice for each existing table and column.
    'set local client_min_messages = warning',
    '-- Upgrades of an earlier version:',
    ...upgrades.map((upgrade, index) => upgradeIfOlder(schema, index + 2, upgrade(schemaOptions))),
    ...tables.map((table) => columnsIfMissing(table, schemaOptions)),
    ...schemaStatements(schemaOptions),
    ...partitions,
    `insert into ${quoted(schema)}.migration (version) values (${newestVersion()}) on conflict do nothing`,
  ]
  return `begin;\n\n${statements.map((statement) => `${statement}${statement.startsWith('--') ? '' : ';'}\n`).join('\n')}
-- For the user of the sink:
-- grant usage on schema ${quoted(schema)} to …;
-- grant select, insert, update, delete on all tables in schema ${quoted(schema)} to …;

commit;
`
}

/**
 * Adds the columns that a table from an earlier version lacks. Locks the table only if a column is missing.
 */
function columnsIfMissing(table: PartitionedTable, options: SchemaOptions): string {
  const name = `${quoted(options.schema)}.${table}`
  const columns = tableColumns(options).map(
    (column) => `      (${literal(column.name)}, ${literal(addedColumn(name, column))})`,
  )
  return `do $$ declare missing text; begin
  for missing in
    select statement from (values
${columns.join(',\n')}
    ) as wanted (name, statement)
    where to_regclass(${literal(name)}) is not null and not exists (
      select from pg_attribute where attrelid = to_regclass(${literal(name)}) and attname = wanted.name and not attisdropped)
  loop execute missing; end loop;
end $$`
}

/** Upgrades an existing schema by one version, as the sink does. */
function upgradeIfOlder(schema: string, version: number, statements: readonly string[]): string {
  const migration = `${quoted(schema)}.migration`
  return `do $$ begin
  if to_regclass(${literal(migration)}) is not null then
    if (select max(version) from ${migration}) < ${version} then
${statements.map((statement) => `      ${statement};\n`).join('')}    end if;
  end if;
end $$`
}

function partitionIfMissing(schema: string, table: PartitionedTable, month: Month): string {
  const { create, attach } = partitionStatements(schema, table, month)
  const partition = literal(`${quoted(schema)}.${partitionName(table, month)}`)
  return `${create};
do $$ begin
  if not exists (select from pg_inherits where inhrelid = ${partition}::regclass) then
    ${attach};
  end if;
end $$`
}
