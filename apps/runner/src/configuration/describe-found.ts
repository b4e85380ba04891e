import { showCount } from '../status/show-amount.ts'
import { shownValue } from './may-be-shown.ts'
import { missingSpace } from './missing-space.ts'
import type { Path } from './place.ts'

/** A `tokenUrl` is a URL and not a secret. */
const secretKey = /auth|token(?!url)|secret|pass(?:word|wd|phrase)|pwd|credential|bearer|key|^(?:pass|pw)$/i
const addressKey = /ur[il]$|dsn|connection/i
const notShown = 'text (not shown)'

/**
 * Returns what the file has at this path, for a message. `written` is the text before its `${…}` was
 * replaced. Shows a value only if it has a harmless shape and its place cannot hold a secret.
 */
export function describeFound(path: Path, value: unknown, written: string | undefined): string {
  if (value === undefined && written === undefined) return 'nothing'
  if (Array.isArray(value))
    return value.length === 0 ? 'an empty list' : `a list of ${showCount(value.length, 'item')}`
  if (typeof value === 'object' && value !== null) return 'a mapping'
  const isText = typeof value === 'string' || written !== undefined
  const text = written ?? String(value)
  if (mayBeSecret(path) && !/^\$\{[^}]*\}$/.test(text)) {
    return isText ? withHint(notShown, text) : `a ${typeof value}`
  }
  const shown = shownValue(text)
  if (shown === undefined) return isText ? withHint(notShown, text) : `a ${typeof value} (not shown)`
  if (mayBeSecret(path)) return shown
  return isText ? JSON.stringify(shown) : shown
}

/** Returns whether the value of this key is a secret. */
export function isSecretKey(key: string): boolean {
  return secretKey.test(key)
}

/** Returns whether the value at this path is a secret, or a URL that can contain one. */
export function mayBeSecret(path: Path): boolean {
  const keys = path.filter((step) => typeof step === 'string')
  // Only the sink knows what its URL contains. A webhook's path, for example, is a secret.
  return keys.some(isSecretKey) || (keys[0] === 'sinks' && keys.some((key) => addressKey.test(key)))
}

function withHint(found: string, text: string): string {
  const hint = missingSpace(text)
  return hint === undefined ? found : `${found} (${hint})`
}
