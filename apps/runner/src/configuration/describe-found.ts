import type { Path } from './place.ts'

const longest = 60
const secretKey = /auth|token|secret|password|key/i

/** What stands in the file, for a message; `written` is a text before its `${…}` was replaced. Never shows what may be a secret. */
export function describeFound(path: Path, value: unknown, written: string | undefined): string {
  if (value === undefined && written === undefined) return 'nothing'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`
  if (typeof value === 'object' && value !== null) return 'a mapping'
  const isText = typeof value === 'string' || written !== undefined
  if (path.some((step) => typeof step === 'string' && secretKey.test(step))) {
    if (written !== undefined && /^\$\{[^}]*\}$/.test(written)) return written
    return isText ? 'a text that is not shown' : `a ${typeof value}`
  }
  return isText ? quote(withoutLogin(written ?? String(value))) : String(value)
}

/** `https://user:password@host` */
function withoutLogin(text: string): string {
  return text.replace(/\/\/[^/\s]*@/, '//…@')
}

function quote(text: string): string {
  return JSON.stringify(text.length > longest ? `${text.slice(0, longest)}…` : text)
}
