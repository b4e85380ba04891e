import { type SchemaSqlOptions, schemaSql } from '@cdrstream/sink-postgres'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import type { Terminal } from '../terminal.ts'

export interface SchemaOptions extends SchemaSqlOptions {
  readonly sink: 'postgres'
}

/** `cdrstream schema postgres`: prints the SQL that the sink would run, for administrators. */
export async function schema(options: SchemaOptions, terminal: Terminal): Promise<ExitCode> {
  terminal.print(schemaSql(options))
  return exitCodes.done
}
