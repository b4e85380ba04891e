import { indexStatement, type SchemaOptions } from './schema-statements.ts'

/** What leads from one version of the schema to the next, forward only, in one transaction. */
export type Upgrade = (options: SchemaOptions) => readonly string[]

/**
 * The first leads from version 1 to 2, and so on. `schemaStatements` describes the newest version, for a new schema; an upgrade is needed
 * for what is not seen to be missing: an index, a renaming, another type. A new field of the catalogue is one added column, and needs none.
 */
export const upgrades: readonly Upgrade[] = [({ schema }) => [indexStatement(schema, 'key')]]

export function newestVersion(all: readonly Upgrade[] = upgrades): number {
  return 1 + all.length
}
