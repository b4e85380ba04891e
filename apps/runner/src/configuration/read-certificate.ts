import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createSecureContext } from 'node:tls'
import { fileErrorText } from '../files/file-error.ts'
import type { Path } from './place.ts'
import type { PlainValue } from './plain-value.ts'
import type { Problem } from './problem.ts'
import { isPathText } from './schema/leaf.ts'
import { Secret } from './secret.ts'
import { foundAt } from './shape-problems.ts'
import { valueAt } from './value-at.ts'

/** The HTTP server's certificate and key. */
export interface Certificate {
  /** In PEM, with any intermediate certificates. */
  readonly cert: string
  readonly key: Secret
}

export interface ReadCertificate {
  /** Undefined if none is configured. */
  readonly value: Certificate | undefined
  readonly problems: readonly Problem[]
}

const noCertificate: ReadCertificate = { value: undefined, problems: [] }

/** Reads the files listed in `http.tls`. */
export function readCertificate(plain: PlainValue, baseDirectory: string): ReadCertificate {
  const certPath = ['http', 'tls', 'cert']
  const keyPath = ['http', 'tls', 'key']
  const certFile = valueAt(plain.value, certPath)
  const keyFile = valueAt(plain.value, keyPath)
  // Any other value has been reported by the section's schema.
  if (!isPathText(certFile) || !isPathText(keyFile)) return noCertificate
  const failed = (path: Path, what: string, reason: string): ReadCertificate => {
    const message = `expected ${what} (PEM), found ${foundAt(path, plain)}: ${reason}`
    return { value: undefined, problems: [{ path, part: 'value', message }] }
  }
  const cert = read(resolve(baseDirectory, certFile))
  if (cert.text === undefined) return failed(certPath, 'a file with a certificate', cert.reason)
  const key = read(resolve(baseDirectory, keyFile))
  if (key.text === undefined) return failed(keyPath, 'a file with a private key', key.reason)
  if (!accepts({ cert: cert.text })) {
    return failed(certPath, 'a file with a certificate', 'it contains no valid certificate')
  }
  if (!accepts({ key: key.text })) {
    const reason = 'it contains no valid private key, or the key has a passphrase'
    return failed(keyPath, 'a file with a private key', reason)
  }
  if (!accepts({ cert: cert.text, key: key.text })) {
    return failed(keyPath, "the certificate's private key", 'it belongs to a different certificate')
  }
  return { value: { cert: cert.text, key: new Secret(key.text) }, problems: [] }
}

type FileText = { readonly text: string } | { readonly text?: undefined; readonly reason: string }

function read(path: string): FileText {
  try {
    return { text: readFileSync(path, 'utf8') }
  } catch (cause) {
    return { reason: `it cannot be read: ${fileErrorText(cause)}` }
  }
}

/** Discards OpenSSL's own error, which would not help the user. */
function accepts(parts: { readonly cert?: string; readonly key?: string }): boolean {
  try {
    createSecureContext(parts)
    return true
  } catch {
    return false
  }
}
