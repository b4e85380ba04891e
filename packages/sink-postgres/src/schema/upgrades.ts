import type { SchemaOptions } from './schema-statements.ts'
import { quoted } from './tables.ts'

/**
 * Returns the statements that upgrade the schema by one version. There are no downgrades. Runs in one
 * transaction.
 */
export type Upgrade = (options: SchemaOptions) => readonly string[]

/**
 * All upgrades: the first one upgrades version 1 to 2, and so on. `schemaStatements` creates a schema of the
 * newest version. Changes to indexes, names or types need an upgrade. A new catalogue field does not, because
 * missing columns are detected and added.
 */
export const upgrades: readonly Upgrade[] = [
  // Only for new months, because indexing existing ones can take longer than a sink may take to open. The
  // primary key serves lookups in them.
  ({ schema }) => [`create index if not exists record_key on only ${quoted(schema)}.record using hash (key)`],
]

export function newestVersion(all: readonly Upgrade[] = upgrades): number {
  return 1 + all.length
}
