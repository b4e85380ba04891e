import type { Finding } from '@cdrstream/plugin'
import { findingOf } from '@cdrstream/sink-kit'
import { classifyError, isTransient } from './classify-error.ts'
import type { Connection } from './connection/connection.ts'
import type { ServerSettings } from './connection/connection-settings.ts'
import type { PostgresSinkOptions } from './postgres-sink-options.ts'
import { tableColumns } from './rows/table-columns.ts'
import { missingParts, missingRightToCreate, readSchemaState } from './schema/schema-state.ts'

/** Returns findings about the server and the schema. Changes nothing. */
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
    { level: 'ok', code: 'connected', message: `connected to PostgreSQL ${server?.version}` },
  ]
  const unverified = unverifiedTls(settings)
  if (unverified !== undefined) {
    findings.push({ level: 'warning', code: 'tls-not-verified', message: unverified })
  }
  if (server?.readonly === true) {
    const reason = server.standby ? 'a standby' : 'read-only (default_transaction_read_only)'
    const message = `the server is ${reason}: the sink waits until it accepts writes. Unless this is a failover, change the URL to the primary server's`
    findings.push({ level: 'warning', code: 'read-only', message })
  }
  if (server !== undefined && server.encoding !== 'UTF8') {
    const message = `the database encoding is ${server.encoding}: values with characters outside this encoding are stored in extra. Use a database with the encoding UTF8 to store every value in its column`
    findings.push({ level: 'warning', code: 'encoding', message })
  }
  if (server?.fsync === 'off' || server?.commit === 'off') {
    const message =
      'fsync or synchronous_commit is off: a server crash can lose records that the journal counts as written. Set both to on'
    findings.push({ level: 'warning', code: 'not-durable', message })
  }
  const state = await readSchemaState(connection, options, tableColumns(options))
  const { missingGrants, alteredColumns } = state
  const missing = missingParts(state, options.schema)
  if (alteredColumns.length > 0) {
    const message = `change these columns to the expected type, or drop their tables: ${alteredColumns.join(', ')}`
    findings.push({ level: 'error', code: 'schema-differs', message })
  }
  if (missingGrants.length > 0) {
    findings.push({
      level: 'error',
      code: 'permission-denied',
      message: `grant this user ${missingGrants.join(', ')}`,
    })
  }
  if (missing.length === 0)
    findings.push({ level: 'ok', code: 'schema', message: `the schema ${options.schema} is complete` })
  else if (options.manageSchema) {
    const right = await missingRightToCreate(connection, options.schema)
    findings.push(
      right === undefined
        ? { level: 'ok', code: 'schema-to-come', message: `the first run will create: ${missing.join(', ')}` }
        : { level: 'error', code: 'permission-denied', message: `grant this user ${right}` },
    )
  } else {
    const message = `run the output of \`cdrstream schema postgres\` to create: ${missing.join(', ')}`
    findings.push({ level: 'error', code: 'schema-missing', message })
  }
  return findings
}

/** Returns the finding for a server that the check could not connect to. */
export function connectionFinding(error: unknown): Finding {
  const outcome = classifyError(error)
  switch (outcome.kind) {
    case 'failed':
      return findingOf(outcome)
    case 'rejected':
      return { level: 'error', code: 'unreachable', message: outcome.reason }
    case 'retry': {
      const problem = outcome.cause instanceof Error ? outcome.cause.message : 'no connection'
      return isTransient(error)
        ? {
            level: 'warning',
            code: 'not-ready',
            message: `${problem}: the sink retries until the server is ready`,
          }
        : {
            level: 'error',
            code: 'unreachable',
            message: `${problem}: check that the server is running and reachable`,
          }
    }
  }
}

/** Returns what an attacker between here and the server could do, or undefined if the server is verified. */
function unverifiedTls({ isLocal, host, sslmode, verified }: ServerSettings): string | undefined {
  if (isLocal || verified === 'host') return undefined
  const remedy =
    "set sslmode: verify-full and, if your own CA signed the server's certificate, sslrootcert to a PEM file with its CA certificate"
  if (sslmode === 'disable')
    return `the connection to ${host} is not encrypted, so others can read the records and the password: ${remedy}`
  return verified === 'nothing'
    ? `the certificate of ${host} is not verified, so another server can impersonate it: ${remedy}`
    : `the host name in the certificate of ${host} is not verified: ${remedy}`
}
