import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Certificate, makeCertificate } from '@cdrstream-internal/certificates'

/** Paths of PEM files. */
export interface Certificates {
  /** The CA that signed `certificate`. */
  readonly ca: string
  /** The server certificate, for localhost and 127.0.0.1. */
  readonly certificate: string
  readonly key: string
  /** The CA that signed `clientCertificate`. */
  readonly clientCa: string
  readonly clientCertificate: string
  readonly clientKey: string
}

/**
 * Creates two CAs, a server certificate signed by one and a client certificate signed by the other,
 * and writes them to files.
 */
export async function writeCertificates(directory: string): Promise<Certificates> {
  const write = (name: string, { certificate, key }: Certificate) => {
    const paths = { certificate: join(directory, `${name}.crt`), key: join(directory, `${name}.key`) }
    writeFileSync(paths.certificate, certificate)
    writeFileSync(paths.key, key, { mode: 0o600 })
    return paths
  }
  const ca = await makeCertificate({ name: 'cdrstream test ca', isAuthority: true })
  const clientCa = await makeCertificate({ name: 'cdrstream test client-ca', isAuthority: true })
  const hosts = ['localhost', '127.0.0.1']
  const server = write('server', await makeCertificate({ name: 'localhost', hosts, signedBy: ca }))
  const client = write('client', await makeCertificate({ name: 'postgres', signedBy: clientCa }))
  return {
    ...server,
    ca: write('ca', ca).certificate,
    clientCa: write('client-ca', clientCa).certificate,
    clientCertificate: client.certificate,
    clientKey: client.key,
  }
}
