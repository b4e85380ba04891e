import type { Failed, Rejected, Retry } from '@cdrstream/plugin'
import { errorCode, failed, SinkFault } from '@cdrstream/sink-kit'
import { describeError } from './describe-error.ts'
import { blamesRecord } from './record-to-blame.ts'

/**
 * Returns the outcome for a server or connection error, by its SQLSTATE
 * (https://www.postgresql.org/docs/18/errcodes-appendix.html). The outcome never includes the server's
 * message.
 */
export function classifyError(error: unknown): Retry | Rejected | Failed {
  if (error instanceof SinkFault) return failed(error.code, error.remedy)
  const code = codeOf(error)
  const described = describeError(error)
  const cause = new Error(described)
  const remedy = remedies.find(([start]) => code.startsWith(start))
  if (remedy !== undefined) {
    const [, name, advice] = remedy
    return failed(name, `${advice} (${described})`, cause)
  }
  if (blamesRecord(error)) {
    return { kind: 'rejected', reason: `PostgreSQL rejects the record: ${described}` }
  }
  return { kind: 'retry', cause }
}

/** Returns whether the server is starting, shutting down or failing over, so that no one has to act. */
export function isTransient(error: unknown): boolean {
  const code = codeOf(error)
  return code === '25006' || code.startsWith('57P')
}

/** Remedies by the beginning of a SQLSTATE or of a Node.js error code. The first match applies. */
const remedies: readonly (readonly [start: string, code: string, remedy: string])[] = [
  ['28', 'sign-in-refused', 'check the user and password of this sink, and pg_hba.conf on the server'],
  [
    '42501',
    'permission-denied',
    'grant the missing privileges; the README of @cdrstream/sink-postgres lists them',
  ],
  ['3D000', 'no-database', 'create the database, or correct its name in the URL'],
  ['3F000', 'no-schema', 'set manageSchema: true, or run the output of `cdrstream schema postgres`'],
  [
    '42',
    'schema-differs',
    'the tables differ from what this version needs: compare them with `cdrstream schema postgres`',
  ],
  ['0A', 'unsupported', 'upgrade the server to PostgreSQL 15 or newer'],
  ['53100', 'disk-full', "free space on the server's disk"],
  ['ENOENT', 'no-file', 'correct the path of the certificate or key'],
  ['EACCES', 'file-denied', 'allow the user that runs cdrstream to read the certificate and the key'],
  ...['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_'].map(
    (start) =>
      [
        start,
        'tls-refused',
        "set sslrootcert to a PEM file with the CA certificate that signed the server's certificate",
      ] as const,
  ),
  ['CERT_', 'tls-refused', "renew the server's certificate, which is not valid"],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls-refused', "use a host name from the server's certificate"],
  ['NO_TLS', 'tls-refused', 'enable TLS on the server, or set sslmode: disable if you trust the network'],
  ['ERR_SSL', 'tls-refused', 'check sslcert and sslkey: the TLS handshake failed'],
]

function codeOf(error: unknown): string {
  const code = errorCode(error)
  if (code !== undefined || !(error instanceof Error)) return code ?? ''
  return error.message === 'The server does not support SSL connections' ? 'NO_TLS' : ''
}
