import { shortestSecret } from '@cdrstream/core/words'
import { isSecretKey } from './describe-found.ts'
import { Secret } from './secret.ts'
import type { SubstitutedValue } from './substitute.ts'

/**
 * Returns the secrets in a sink's options, which must not be printed: strings under a key such as `password`
 * or `apiKey`, passwords in URLs, and URLs and file contents that were substituted for a `${…}`.
 */
export function optionSecrets(options: unknown, substituted: readonly SubstitutedValue[]): readonly Secret[] {
  const addresses = substituted.map(({ value }) => value).filter((value) => value.includes('://'))
  const files = substituted.filter(({ written }) => written.startsWith('${file:')).map(({ value }) => value)
  const texts = [...addresses, ...addresses.flatMap(passwords), ...files, ...secretsIn(options, false)]
  return [...new Set(texts)].filter((text) => text.length >= shortestSecret).map((text) => new Secret(text))
}

function secretsIn(value: unknown, isSecret: boolean): readonly string[] {
  if (typeof value === 'number') return isSecret ? [String(value)] : []
  if (typeof value === 'string') return isSecret ? [value, ...passwords(value)] : passwords(value)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => secretsIn(inner, isSecret || isSecretKey(key)))
}

const parameter =
  /(?:pass(?:word|wd|phrase)?|pwd|token|secret|api_?key|access_?key|accountkey|signature)\s*=\s*([^&\s]+)/gi

/**
 * Finds `//user:password@host`, `?password=…`, `host=… password=…` and `Server=…;Password=…`, both as written
 * and decoded.
 */
function passwords(text: string): readonly string[] {
  const written = [...text.matchAll(/\/\/[^:@/\s]*:(\S+)@/g), ...text.matchAll(parameter)]
  // Whether a semicolon ends the password depends on the format, so both readings are treated as secrets.
  const whole = written.map(([, password = '']) => password)
  const texts = whole.flatMap((password) => [password, unquoted(password.split(';', 1)[0] ?? '')])
  return texts.flatMap((password) => [password, decoded(password)])
}

function unquoted(text: string): string {
  return text.replace(/^(["'])(.*)\1$/, '$2')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
