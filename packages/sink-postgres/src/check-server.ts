import type { Finding } from '@cdrstream/plugin'
import type { Connection } from './connection/connection.ts'
import type { PostgresSinkOptions } from './postgres-sink-options.ts'
import { tableColumns } from './rows/table-columns.ts'
import { missingParts, readSchemaState } from './schema/schema-state.ts'

/** Returns what a person should know about the server and the schema. Changes nothing. */
export async function checkServer(
  connection: Connection,
  options: PostgresSinkOptions,
): Promise<readonly Finding[]> {
  const [server] = await connection.query<{
    version: string
    fsync: string
    commit: string
    standby: boolean
  }>(
    `select current_setting('server_version') as version, current_setting('fsync') as fsync,
      current_setting('synchronous_commit') as commit, pg_is_in_recovery() as standby`,
  )
  const findings: Finding[] = [
    { level: 'ok', code: 'connected', message: `PostgreSQL ${server?.version} answers` },
  ]
  if (server?.standby === true) {
    findings.push({
      level: 'error',
      code: 'read-only',
      message: 'this is a standby: name the primary server',
    })
  }
  if (server?.fsync === 'off' || server?.commit === 'off') {
    const message =
      'fsync or synchronous_commit is off: records that the journal counts as written may be lost if the server crashes'
    findings.push({ level: 'warning', code: 'not-durable', message })
  }
  const state = await readSchemaState(connection, options, tableColumns(options))
  const { missingGrants } = state
  const missing = missingParts(state, options.schema)
  if (missingGrants.length > 0) {
    findings.push({ level: 'error', code: 'permission-denied', message: `grant ${missingGrants.join(', ')}` })
  }
  if (missing.length === 0)
    findings.push({ level: 'ok', code: 'schema', message: `the schema ${options.schema} is complete` })
  else if (options.manageSchema) {
    findings.push({
      level: 'ok',
      code: 'schema-to-come',
      message: `the first run creates: ${missing.join(', ')}`,
    })
  } else {
    const message = `missing: ${missing.join(', ')}; run the output of \`cdrstream schema postgres\``
    findings.push({ level: 'error', code: 'schema-missing', message })
  }
  return findings
}
