import { isSecretKey } from './describe-found.ts'

/**
 * Returns whether the configuration file contains a secret: text under a key such as `password`, or a
 * password in a URL, that does not come from a `${…}`. `written` contains the strings by their paths in JSON.
 */
export function holdsPlainSecret(written: Iterable<readonly [path: string, text: string]>): boolean {
  for (const [path, text] of written) {
    if (text.includes('${')) continue
    const key: unknown = JSON.parse(path).at(-1)
    // The values of keys such as `sslkey` are file names.
    if (typeof key === 'string' && isSecretKey(key) && !/^ssl/i.test(key)) return true
    if (/:\/\/[^\s/:@]*:[^\s/@]+@/.test(text)) return true
  }
  return false
}
