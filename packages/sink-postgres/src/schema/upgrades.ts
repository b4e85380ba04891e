import type { SchemaOptions } from './schema-statements.ts'
import { quoted } from './tables.ts'

/** What leads from one version of the schema to the next, forward only, in one transaction. */
export type Upgrade = (options: SchemaOptions) => readonly string[]

/**
 * The first leads from version 1 to 2, and so on. `schemaStatements` describes the newest version, for a new schema; an upgrade is needed
 * for what is not seen to be missing: an index, a renaming, another type. A new field of the catalogue is one added column, and needs none.
 */
export const upgrades: readonly Upgrade[] = [
  // For new months only: to index what is there may take longer than a sink has to open, and the primary key answers as well.
  ({ schema }) => [`create index if not exists record_key on only ${quoted(schema)}.record using hash (key)`],
]

export function newestVersion(all: readonly Upgrade[] = upgrades): number {
  return 1 + all.length
}
