import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Paths of PEM files. */
export interface Certificates {
  /** The authority that signed `certificate`. */
  readonly ca: string
  /** The certificate of the server, for localhost and 127.0.0.1. */
  readonly certificate: string
  readonly key: string
  /** The authority that signed `clientCertificate`. */
  readonly clientCa: string
  readonly clientCertificate: string
  readonly clientKey: string
}

/**
 * Creates two authorities with the `openssl` command, a server certificate signed by one and a client
 * certificate signed by the other.
 */
export function makeCertificates(directory: string): Certificates {
  const at = (name: string): string => join(directory, name)
  const openssl = (...args: readonly string[]): void => {
    execFileSync('openssl', args, { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] })
  }
  const authority = (name: string): void =>
    openssl(
      ...'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2'.split(' '),
      '-subj',
      `/CN=cdrstream test ${name}`,
      '-keyout',
      at(`${name}.key`),
      '-out',
      at(`${name}.crt`),
    )
  const signed = (name: string, by: string, subject: string, extensions: string): void => {
    writeFileSync(at(`${name}.ext`), extensions)
    openssl(
      ...'req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'.split(' '),
      '-subj',
      subject,
      '-keyout',
      at(`${name}.key`),
      '-out',
      at(`${name}.csr`),
    )
    openssl(
      ...'x509 -req -days 2 -CAcreateserial'.split(' '),
      '-in',
      at(`${name}.csr`),
      '-CA',
      at(`${by}.crt`),
      '-CAkey',
      at(`${by}.key`),
      '-extfile',
      at(`${name}.ext`),
      '-out',
      at(`${name}.crt`),
    )
  }
  authority('ca')
  authority('client-ca')
  signed('server', 'ca', '/CN=localhost', 'subjectAltName=DNS:localhost,IP:127.0.0.1\n')
  signed('client', 'client-ca', '/CN=postgres', 'extendedKeyUsage=clientAuth\n')
  return {
    ca: at('ca.crt'),
    certificate: at('server.crt'),
    key: at('server.key'),
    clientCa: at('client-ca.crt'),
    clientCertificate: at('client.crt'),
    clientKey: at('client.key'),
  }
}
