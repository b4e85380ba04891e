import { SinkFault } from '@cdrstream/sink-kit'
import type { Connection } from '../connection/connection.ts'
import type { TableColumn } from '../rows/table-columns.ts'
import { lockStatement } from './lock.ts'
import { missingParts, readSchemaState, type SchemaState } from './schema-state.ts'
import { addColumnStatements, type SchemaOptions, schemaStatements } from './schema-statements.ts'
import { quoted } from './tables.ts'
import { newestVersion, type Upgrade, upgrades } from './upgrades.ts'

export interface EnsureSchemaOptions extends SchemaOptions {
  readonly manageSchema: boolean
  readonly columns: readonly TableColumn[]
  /** Default: the upgrades of this version. */
  readonly upgrades?: readonly Upgrade[]
}

/**
 * Creates or upgrades the schema for this version. If the sink is not allowed to, throws a `SinkFault` that
 * names what is missing.
 */
export async function ensureSchema(connection: Connection, options: EnsureSchemaOptions): Promise<void> {
  const state = await readSchemaState(connection, options, options.columns)
  const { upgrades: all = upgrades } = options
  if (state.version !== null && state.version > newestVersion(all)) {
    throw new SinkFault(
      'schema-newer',
      `upgrade cdrstream: a newer version created the schema ${options.schema} (schema version ${state.version})`,
    )
  }
  if (state.alteredColumns.length > 0) {
    throw new SinkFault(
      'schema-differs',
      `change these columns to the expected type, or drop their tables: ${state.alteredColumns.join(', ')}`,
    )
  }
  if (isComplete(state, all)) return
  if (!options.manageSchema) throw missingFault(state, options, all)
  await connection.begin([lockStatement(options.schema)])
  // Another process may have created the schema in the meantime.
  await complete(connection, await readSchemaState(connection, options, options.columns), options, all)
  await connection.commit()
  const now = await readSchemaState(connection, options, options.columns)
  if (!isComplete(now, all)) throw missingFault(now, options, all)
}

function isComplete(state: SchemaState, all: readonly Upgrade[]): boolean {
  const { version, missingTables, missingColumns, missingGrants } = state
  return (
    version === newestVersion(all) &&
    [missingTables, missingColumns, missingGrants].every(({ length }) => length === 0)
  )
}

async function complete(
  connection: Connection,
  { version, missingTables, missingColumns }: SchemaState,
  options: EnsureSchemaOptions,
  all: readonly Upgrade[],
): Promise<void> {
  const steps = version === null ? [] : all.slice(version - 1)
  for (const step of steps) await connection.run(step(options))
  if (missingTables.length > 0) await connection.run(schemaStatements(options))
  for (const { table, column } of missingColumns)
    await connection.run(addColumnStatements(table, options.schema, column))
  if (version === newestVersion(all)) return
  await connection.query(
    `insert into ${quoted(options.schema)}.migration (version) values ($1) on conflict do nothing`,
    [newestVersion(all)],
  )
}

function missingFault(state: SchemaState, { schema }: SchemaOptions, all: readonly Upgrade[]): SinkFault {
  const { version, missingGrants } = state
  if (missingGrants.length > 0) {
    return new SinkFault('permission-denied', `grant this user ${missingGrants.join(', ')}`)
  }
  const missing = [
    ...missingParts(state, schema),
    ...(version !== null && version !== newestVersion(all)
      ? [`version ${newestVersion(all)} (found ${version})`]
      : []),
  ]
  return new SinkFault(
    'schema-missing',
    `run the output of \`cdrstream schema postgres\`, or set manageSchema: true, to create: ${missing.join(', ') || `the version in ${schema}.migration`}`,
  )
}
