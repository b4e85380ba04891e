import { shownValue } from './may-be-shown.ts'
import { missingSpace } from './missing-space.ts'
import type { Path } from './place.ts'

/** A tokenUrl is where tokens come from. */
const secretKey = /auth|token(?!url)|secret|pass(?:word|wd|phrase)|pwd|credential|bearer|key|^(?:pass|pw)$/i
const addressKey = /ur[il]$|dsn|connection/i
const notShown = 'a text that is not shown'

/**
 * Returns what stands in the file, for a message; `written` is a text before its `${…}` was replaced. Shows a
 * value only if it has a harmless shape and does not stand where secrets do.
 */
export function describeFound(path: Path, value: unknown, written: string | undefined): string {
  if (value === undefined && written === undefined) return 'nothing'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`
  if (typeof value === 'object' && value !== null) return 'a mapping'
  const isText = typeof value === 'string' || written !== undefined
  const text = written ?? String(value)
  if (mayBeSecret(path) && !/^\$\{[^}]*\}$/.test(text)) {
    return isText ? withHint(notShown, text) : `a ${typeof value}`
  }
  const shown = shownValue(text)
  if (shown === undefined) return isText ? withHint(notShown, text) : `a ${typeof value} that is not shown`
  if (mayBeSecret(path)) return shown
  return isText ? JSON.stringify(shown) : shown
}

/** Whether what stands under such a key is a secret. */
export function isSecretKey(key: string): boolean {
  return secretKey.test(key)
}

/** Whether what stands at this path is a secret, or an address that may hold one. */
export function mayBeSecret(path: Path): boolean {
  const keys = path.filter((step) => typeof step === 'string')
  // What an address of a sink is made of, only the sink knows: of a webhook, the path is the secret.
  return keys.some(isSecretKey) || (keys[0] === 'sinks' && keys.some((key) => addressKey.test(key)))
}

function withHint(found: string, text: string): string {
  const hint = missingSpace(text)
  return hint === undefined ? found : `${found} (${hint})`
}
