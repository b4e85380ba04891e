import type { Finding } from '@cdrstream/plugin'
import { findingOf } from '@cdrstream/sink-kit'
import { classifyError, isPassing } from './classify-error.ts'
import type { Connection } from './connection/connection.ts'
import type { ServerSettings } from './connection/connection-settings.ts'
import type { PostgresSinkOptions } from './postgres-sink-options.ts'
import { tableColumns } from './rows/table-columns.ts'
import { missingParts, missingRightToCreate, readSchemaState } from './schema/schema-state.ts'

/** Returns what a person should know about the server and the schema. Changes nothing. */
export async function checkServer(
  connection: Connection,
  settings: ServerSettings,
  options: PostgresSinkOptions,
): Promise<readonly Finding[]> {
  const [server] = await connection.query<{
    version: string
    fsync: string
    commit: string
    standby: boolean
    readonly: boolean
    encoding: string
  }>(
    `select current_setting('server_version') as version, current_setting('fsync') as fsync,
      current_setting('synchronous_commit') as commit, pg_is_in_recovery() as standby,
      current_setting('transaction_read_only') = 'on' as readonly,
      current_setting('server_encoding') as encoding`,
  )
  const findings: Finding[] = [
    { level: 'ok', code: 'connected', message: `PostgreSQL ${server?.version} answers` },
  ]
  const unverified = unverifiedTls(settings)
  if (unverified !== undefined) {
    findings.push({ level: 'warning', code: 'tls-not-verified', message: unverified })
  }
  if (server?.readonly === true) {
    const reason = server.standby ? 'a standby' : 'read-only (default_transaction_read_only)'
    const message = `this server is ${reason}: the sink waits until it accepts writes. If this is not a failover, name the primary server`
    findings.push({ level: 'warning', code: 'read-only', message })
  }
  if (server !== undefined && server.encoding !== 'UTF8') {
    const message = `the encoding of the database is ${server.encoding}: texts with characters that it does not have are stored in extra. A database with UTF8 holds every text`
    findings.push({ level: 'warning', code: 'encoding', message })
  }
  if (server?.fsync === 'off' || server?.commit === 'off') {
    const message =
      'fsync or synchronous_commit is off: records that the journal counts as written may be lost if the server crashes'
    findings.push({ level: 'warning', code: 'not-durable', message })
  }
  const state = await readSchemaState(connection, options, tableColumns(options))
  const { missingGrants, alteredColumns } = state
  const missing = missingParts(state, options.schema)
  if (alteredColumns.length > 0) {
    const message = `change the type of these columns, or remove their tables: ${alteredColumns.join(', ')}`
    findings.push({ level: 'error', code: 'schema-differs', message })
  }
  if (missingGrants.length > 0) {
    findings.push({ level: 'error', code: 'permission-denied', message: `grant ${missingGrants.join(', ')}` })
  }
  if (missing.length === 0)
    findings.push({ level: 'ok', code: 'schema', message: `the schema ${options.schema} is complete` })
  else if (options.manageSchema) {
    const right = await missingRightToCreate(connection, options.schema)
    findings.push(
      right === undefined
        ? { level: 'ok', code: 'schema-to-come', message: `the first run creates: ${missing.join(', ')}` }
        : { level: 'error', code: 'permission-denied', message: `grant ${right} to this user` },
    )
  } else {
    const message = `missing: ${missing.join(', ')}; run the output of \`cdrstream schema postgres\``
    findings.push({ level: 'error', code: 'schema-missing', message })
  }
  return findings
}

/** Returns what a person should know if the server could not be asked. */
export function connectionFinding(error: unknown): Finding {
  const outcome = classifyError(error)
  switch (outcome.kind) {
    case 'failed':
      return findingOf(outcome)
    case 'rejected':
      return { level: 'error', code: 'unreachable', message: outcome.reason }
    case 'retry': {
      const problem = outcome.cause instanceof Error ? outcome.cause.message : 'no connection'
      return isPassing(error)
        ? { level: 'warning', code: 'not-ready', message: `${problem}: the sink tries again until it is` }
        : {
            level: 'error',
            code: 'unreachable',
            message: `${problem}: check that the server is running and can be reached`,
          }
    }
  }
}

/** Returns what anyone on the way to the server could do, or undefined if nothing. */
function unverifiedTls({ isLocal, host, sslmode, verified }: ServerSettings): string | undefined {
  if (isLocal || verified === 'host') return undefined
  const remedy = 'set sslmode: verify-full, and sslrootcert if the authority of its certificate is your own'
  if (sslmode === 'disable') return `records and password go to ${host} without encryption: ${remedy}`
  return verified === 'nothing'
    ? `the certificate of ${host} is not verified, so another server can take its place: ${remedy}`
    : `the host name in the certificate of ${host} is not verified: ${remedy}`
}
