import type { Failed, Rejected, Retry } from '@cdrstream/plugin'
import { errorCode, failed, SinkFault } from '@cdrstream/sink-kit'
import { describeError } from './describe-error.ts'
import { blamesRecord } from './record-to-blame.ts'

/**
 * Returns the outcome for an error of the server or of the connection, by its SQLSTATE
 * (https://www.postgresql.org/docs/18/errcodes-appendix.html). None of the server's own words is passed on.
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
    return { kind: 'rejected', reason: `PostgreSQL does not accept it: ${described}` }
  }
  return { kind: 'retry', cause }
}

/**
 * Whether the error is part of a start, a shutdown or a failover of the server, and passes without a person.
 */
export function isPassing(error: unknown): boolean {
  const code = codeOf(error)
  return code === '25006' || code.startsWith('57P')
}

/** By the beginning of the SQLSTATE, or of the code of Node. The first match counts. */
const remedies: readonly (readonly [start: string, code: string, remedy: string])[] = [
  ['28', 'sign-in-refused', 'check the user and the password of this sink, and pg_hba.conf of the server'],
  [
    '42501',
    'permission-denied',
    'grant the missing rights, which the README of @cdrstream/sink-postgres lists',
  ],
  ['3D000', 'no-database', 'create the database, or correct its name'],
  ['3F000', 'no-schema', 'set manageSchema: true, or run the output of `cdrstream schema postgres`'],
  [
    '42',
    'schema-differs',
    'the tables differ from what this version needs: compare them with `cdrstream schema postgres`',
  ],
  ['0A', 'unsupported', 'this needs PostgreSQL 15 or newer'],
  ['53100', 'disk-full', 'make room on the disk of the server'],
  ['ENOENT', 'no-file', 'correct the path of the certificate or key'],
  ['EACCES', 'file-denied', 'allow the user that runs cdrstream to read the certificate and key'],
  ...['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_'].map(
    (start) =>
      [
        start,
        'tls-refused',
        'set sslrootcert to a PEM file with the authority of the certificate of the server',
      ] as const,
  ),
  ['CERT_', 'tls-refused', 'the certificate of the server is not valid: renew it'],
  [
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'tls-refused',
    'use the host name that the certificate of the server names',
  ],
  [
    'NO_TLS',
    'tls-refused',
    'the server does not offer TLS: switch it on there, or set sslmode: disable if the network is trusted',
  ],
  ['ERR_SSL', 'tls-refused', 'the server refuses the TLS handshake: check sslcert and sslkey'],
]

function codeOf(error: unknown): string {
  const code = errorCode(error)
  if (code !== undefined || !(error instanceof Error)) return code ?? ''
  return error.message === 'The server does not support SSL connections' ? 'NO_TLS' : ''
}
