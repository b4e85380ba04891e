import { postgresSinkOptions } from '../postgres-sink-options.ts'
import { type Month, monthAfter, monthAt } from './months.ts'
import { partitionStatements } from './partition-statements.ts'
import { type SchemaOptions, schemaStatements } from './schema-statements.ts'
import { partitionedTables, quoted } from './tables.ts'
import { newestVersion } from './upgrades.ts'

export interface SchemaSqlOptions extends Partial<SchemaOptions> {
  /** The first month that gets a partition, `YYYY-MM`. Default: the previous month of UTC. */
  readonly fromMonth?: Month
  /** How many months get one. Default 14. */
  readonly months?: number
}

/**
 * Returns the whole schema as SQL, for an administrator who runs it by hand (`manageSchema: false`): tables,
 * comments, indexes, partitions, and the grants that the sink's user needs.
 */
export function schemaSql(options: SchemaSqlOptions = {}): string {
  const { fromMonth = monthAfter(monthAt(Date.now()), -1), months = 14 } = options
  const { schema, rawText, keepRevisions } = { ...postgresSinkOptions.parse({}), ...options }
  const made = { schema, rawText, keepRevisions }
  const partitions = partitionedTables(made).flatMap((table) =>
    Array.from({ length: months }, (_, index) =>
      partitionStatements(schema, table, monthAfter(fromMonth, index)),
    ),
  )
  const statements = [
    ...schemaStatements(made),
    ...partitions.flat(),
    `insert into ${quoted(schema)}.migration (version) values (${newestVersion()}) on conflict do nothing`,
  ]
  return `begin;\n\n${statements.map((statement) => `${statement};\n`).join('\n')}
-- For the user of the sink:
-- grant usage on schema ${quoted(schema)} to …;
-- grant select, insert, update, delete on all tables in schema ${quoted(schema)} to …;

commit;
`
}
