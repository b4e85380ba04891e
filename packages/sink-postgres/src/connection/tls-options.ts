import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import { SinkFault } from '@cdrstream/sink-kit'

export const sslModes = ['disable', 'require', 'verify-ca', 'verify-full'] as const

/** A TLS mode, as in libpq (https://www.postgresql.org/docs/18/libpq-ssl.html). */
export type SslMode = (typeof sslModes)[number]

/** Paths of PEM files. */
export interface TlsFiles {
  /** The CA certificate that signed the server's certificate, or `system` for the CAs that Node.js trusts. */
  readonly sslrootcert: string | undefined
  readonly sslcert: string | undefined
  readonly sslkey: string | undefined
}

/** How far the server's certificate is verified: `host` includes its CA. */
export type Verified = 'host' | 'authority' | 'nothing'

export function verifiedBy(mode: SslMode, { sslrootcert }: TlsFiles): Verified {
  switch (mode) {
    case 'disable':
      return 'nothing'
    case 'require':
      return sslrootcert === undefined ? 'nothing' : 'authority'
    case 'verify-ca':
      return 'authority'
    case 'verify-full':
      return 'host'
  }
}

/** Returns the options of a TLS connection, or false for a connection without TLS. Reads the files. */
export function tlsOptions(mode: SslMode, files: TlsFiles): ConnectionOptions | false {
  if (mode === 'disable') return false
  const { sslrootcert, sslcert, sslkey } = files
  if (sslrootcert === 'system' && mode !== 'verify-full') {
    throw new SinkFault('tls-options', 'set sslmode: verify-full, which sslrootcert: system requires')
  }
  if (sslrootcert === undefined && mode === 'verify-ca') {
    throw new SinkFault('tls-options', 'set sslrootcert to a PEM file, which sslmode: verify-ca requires')
  }
  const read = (path: string | undefined) => (path === undefined ? undefined : readFileSync(path, 'utf8'))
  const verified = verifiedBy(mode, files)
  return {
    ca: sslrootcert === 'system' ? undefined : read(sslrootcert),
    cert: read(sslcert),
    key: read(sslkey),
    rejectUnauthorized: verified !== 'nothing',
    ...(verified === 'authority' && { checkServerIdentity: () => undefined }),
  }
}
