import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileErrorText } from '../files/file-error.ts'
import type { PlainValue } from './plain-value.ts'
import type { Problem } from './problem.ts'
import { isPathText } from './schema/leaf.ts'
import { foundAt } from './shape-problems.ts'
import { valueAt } from './value-at.ts'

export interface ReadAuthorities {
  /** Certificates (PEM), or undefined if none are configured. */
  readonly pem: string | undefined
  readonly problems: readonly Problem[]
}

const noAuthorities: ReadAuthorities = { pem: undefined, problems: [] }

/** Reads the CA certificates that `webex.ca` names. */
export function readAuthorities(plain: PlainValue, baseDirectory: string): ReadAuthorities {
  const path = ['webex', 'ca']
  const file = valueAt(plain.value, path)
  // Any other value has been reported by the section's schema.
  if (!isPathText(file)) return noAuthorities
  const problem = (reason: string): ReadAuthorities => {
    const message = `expected a file of certificates (PEM), found ${foundAt(path, plain)}: ${reason}`
    return { pem: undefined, problems: [{ path, part: 'value', message }] }
  }
  try {
    const pem = readFileSync(resolve(baseDirectory, file), 'utf8')
    const certificates = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? []
    if (certificates.length === 0) return problem('it contains no certificate')
    for (const certificate of certificates) new X509Certificate(certificate)
    return { pem: certificates.join('\n'), problems: [] }
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
    return problem(
      /^E[A-Z]+$/.test(code)
        ? `it cannot be read: ${fileErrorText(cause)}`
        : 'a certificate in it is damaged',
    )
  }
}
