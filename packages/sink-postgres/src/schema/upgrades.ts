import type { SchemaOptions } from './schema-statements.ts'
import { quoted } from './tables.ts'

/** Returns the statements that upgrade the schema by one version. Forward only, in one transaction. */
export type Upgrade = (options: SchemaOptions) => readonly string[]

/**
 * The first upgrades version 1 to 2, and so on. `schemaStatements` describes the newest version, for a new
 * schema. An upgrade is needed for changes that a look at the tables does not show: an index, a new name,
 * another type. A new field of the catalogue is an added column, and needs none.
 */
export const upgrades: readonly Upgrade[] = [
  // For new months only: indexing existing ones can take longer than a sink has to open, and the primary key
  // answers for them.
  ({ schema }) => [`create index if not exists record_key on only ${quoted(schema)}.record using hash (key)`],
]

export function newestVersion(all: readonly Upgrade[] = upgrades): number {
  return 1 + all.length
}
