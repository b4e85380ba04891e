import type { webcrypto } from 'node:crypto'
// The library requires this package, but does not import it.
import 'reflect-metadata'
import {
  BasicConstraintsExtension,
  type Extension,
  type GeneralNameType,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'

/** A test certificate and its key. */
export interface Certificate {
  /** In PEM format. */
  readonly certificate: string
  /** In PEM format. */
  readonly key: string
  readonly name: string
  readonly privateKey: webcrypto.CryptoKey
}

export interface CertificateOptions {
  /** The common name of the subject. */
  readonly name: string
  /** The DNS names and IPv4 addresses that it is valid for. Default: none. */
  readonly hosts?: readonly string[]
  /** The certificate that signs it. Default: self-signed. */
  readonly signedBy?: Certificate
  /** Whether it can sign other certificates. Default: false. */
  readonly isAuthority?: boolean
  /** The start of its validity, in milliseconds since 1970. Default: yesterday. */
  readonly fromMs?: number
  /** The end of its validity, in milliseconds since 1970. Default: tomorrow. */
  readonly toMs?: number
}

const dayMs = 86_400_000
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** Creates a certificate with a new key. */
export async function makeCertificate(options: CertificateOptions): Promise<Certificate> {
  const { name, hosts = [], signedBy, isAuthority = false } = options
  const { fromMs = Date.now() - dayMs, toMs = Date.now() + dayMs } = options
  const { publicKey, privateKey } = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const extensions: Extension[] = [new BasicConstraintsExtension(isAuthority)]
  if (hosts.length > 0) extensions.push(new SubjectAlternativeNameExtension(hosts.map(alternativeName)))
  const certificate = await X509CertificateGenerator.create({
    subject: commonName(name),
    issuer: commonName(signedBy?.name ?? name),
    notBefore: new Date(fromMs),
    notAfter: new Date(toMs),
    publicKey,
    signingKey: signedBy?.privateKey ?? privateKey,
    signingAlgorithm: algorithm,
    extensions,
  })
  return {
    certificate: `${certificate.toString('pem')}\n`,
    key: `${PemConverter.encode(await crypto.subtle.exportKey('pkcs8', privateKey), 'PRIVATE KEY')}\n`,
    name,
    privateKey,
  }
}

function commonName(name: string) {
  return [{ CN: [name] }]
}

function alternativeName(host: string): { readonly type: GeneralNameType; readonly value: string } {
  return { type: /^[\d.]+$/.test(host) ? 'ip' : 'dns', value: host }
}
