import { isSecretKey } from './describe-found.ts'

/**
 * Returns whether the configuration file contains a secret: a text under a key such as `password`, or a
 * password in an address, that is not put in for a `${…}`. `written`: the texts by their paths in JSON.
 */
export function holdsPlainSecret(written: Iterable<readonly [path: string, text: string]>): boolean {
  for (const [path, text] of written) {
    if (text.includes('${')) continue
    const key: unknown = JSON.parse(path).at(-1)
    // Keys such as `sslkey` name files.
    if (typeof key === 'string' && isSecretKey(key) && !/^ssl/i.test(key)) return true
    if (/:\/\/[^\s/:@]*:[^\s/@]+@/.test(text)) return true
  }
  return false
}
