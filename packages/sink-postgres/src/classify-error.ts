import type { Failed, Rejected, Retry } from '@cdrstream/plugin'
import { SinkFault } from './sink-fault.ts'

/**
 * The outcome that an error of the server or of the connection becomes, by its SQLSTATE
 * (https://www.postgresql.org/docs/18/errcodes-appendix.html). Of the server's words only those are passed on that cannot hold content of a record.
 */
export function classifyError(error: unknown): Retry | Rejected | Failed {
  if (error instanceof SinkFault) return { kind: 'failed', code: error.code, remedy: error.remedy }
  const code = codeOf(error)
  const cause = new Error(describe(error, code))
  const remedy = remedies.find(([start]) => code.startsWith(start))
  if (remedy !== undefined) {
    const [, name, advice] = remedy
    return { kind: 'failed', code: name, remedy: `${advice} (${describe(error, code)})`, cause }
  }
  if (blamesRecord(code) && !isMissingPartition(error, code)) {
    return { kind: 'rejected', reason: `PostgreSQL does not take it: SQLSTATE ${code}` }
  }
  return { kind: 'retry', cause }
}

/** By the beginning of the SQLSTATE, or by the code of Node; the first that fits. */
const remedies: readonly (readonly [start: string, code: string, remedy: string])[] = [
  ['28', 'sign-in-refused', 'check the user and the password of this sink, and pg_hba.conf of the server'],
  ['42501', 'permission-denied', 'grant what is missing, as the README of @cdrstream/sink-postgres lists it'],
  ['3D000', 'no-database', 'create the database, or correct its name'],
  [
    '3F000',
    'no-schema',
    'create the schema, by manageSchema: true or by what `cdrstream schema postgres` prints',
  ],
  [
    '42',
    'schema-differs',
    'the tables are not as this version needs them: compare them with `cdrstream schema postgres`',
  ],
  ['25006', 'read-only', 'name the primary server, not a standby'],
  ['0A', 'unsupported', 'this needs PostgreSQL 15 or newer'],
  ['53100', 'disk-full', 'make room on the disk of the server'],
  ['ENOENT', 'no-file', 'correct the path of the certificate or key'],
  ['EACCES', 'file-denied', 'allow the user that runs cdrstream to read the certificate and key'],
  ...['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_'].map(
    (start) =>
      [start, 'tls-refused', 'name the authority of the certificate of the server in sslrootcert'] as const,
  ),
  ['CERT_', 'tls-refused', 'the certificate of the server is not in order: renew it'],
  [
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'tls-refused',
    'use the host name that the certificate of the server names',
  ],
  ['NO_TLS', 'tls-refused', 'switch TLS on at the server, or set sslmode: disable'],
  ['ERR_SSL', 'tls-refused', 'the server refuses the TLS handshake: check sslcert and sslkey'],
]

/** Data exceptions, broken constraints, and what is too large for a row. 23505 is another writer's doing: looked up again, it is known. */
const recordToBlame = ['22', '23502', '23514', '54']

function blamesRecord(code: string): boolean {
  return recordToBlame.some((start) => code.startsWith(start))
}

/** Somebody has dropped a partition: the server has the code of a broken constraint for it, and names none. The next write makes it again. */
function isMissingPartition(error: unknown, code: string): boolean {
  const constraint = error instanceof Error && 'constraint' in error ? error.constraint : undefined
  return code === '23514' && constraint === undefined
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  if ('code' in error && typeof error.code === 'string') return error.code
  return error.message === 'The server does not support SSL connections' ? 'NO_TLS' : ''
}

/** Without content of records: those classes that may quote a value are told by their code alone. */
function describe(error: unknown, code: string): string {
  if (blamesRecord(code) || code.startsWith('23')) return `SQLSTATE ${code}`
  return error instanceof Error ? error.message : String(error)
}
