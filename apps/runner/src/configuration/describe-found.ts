import type { Path } from './place.ts'

const longest = 60
/** A tokenUrl is where tokens come from. */
const secretKey = /auth|token(?!url)|secret|password|key/i
const addressKey = /ur[il]$|dsn|connection/i

/** What stands in the file, for a message; `written` is a text before its `${…}` was replaced. Never shows what may be a secret. */
export function describeFound(path: Path, value: unknown, written: string | undefined): string {
  if (value === undefined && written === undefined) return 'nothing'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`
  if (typeof value === 'object' && value !== null) return 'a mapping'
  const isText = typeof value === 'string' || written !== undefined
  if (mayBeSecret(path)) {
    if (written !== undefined && /^\$\{[^}]*\}$/.test(written)) return written
    return isText ? 'a text that is not shown' : `a ${typeof value}`
  }
  return isText ? quote(withoutLogin(written ?? String(value))) : String(value)
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

/** `https://user:password@host` */
function withoutLogin(text: string): string {
  return text.replace(/\/\/\S*@/, '//…@')
}

function quote(text: string): string {
  return JSON.stringify(text.length > longest ? `${text.slice(0, longest)}…` : text)
}
