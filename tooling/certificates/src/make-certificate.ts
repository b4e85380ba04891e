import type { webcrypto } from 'node:crypto'
// The library needs it and leaves it to its users.
import 'reflect-metadata'
import {
  BasicConstraintsExtension,
  type Extension,
  type GeneralNameType,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'

/** An X.509 certificate and its key, made for a test. */
export interface Certificate {
  /** PEM. */
  readonly certificate: string
  /** PEM. */
  readonly key: string
  readonly name: string
  readonly privateKey: webcrypto.CryptoKey
}

export interface CertificateOptions {
  /** The common name. */
  readonly name: string
  /** DNS names and IPv4 addresses that it is for. Default: none. */
  readonly hosts?: readonly string[]
  /** Default: itself. */
  readonly signedBy?: Certificate
  /** Default false. */
  readonly isAuthority?: boolean
  /** Default: from yesterday to tomorrow. */
  readonly fromMs?: number
  readonly toMs?: number
}

const dayMs = 86_400_000
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** Makes a certificate with a key of its own. */
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
