import { isNearKnown } from './known-words.ts'

/**
 * Decides which parts of a configuration file a message may show. A typo such as a missing space or quote can
 * turn a secret into a key, or into a part of the value next to it. Only text of a harmless shape is shown.
 * The line and column in the message locate the rest.
 */

/** A part of a secret with this many characters would reveal something. */
const tellingCharacters = 6

/** Returns whether a key may be shown: a known key, a typo of one, or words in the usual form of keys. */
export function mayShowKey(key: string): boolean {
  return isShort(key) || isNearKnown(key) || (key.length <= 24 && keyInWords.test(key))
}

/** `retryAfter`, `max_size`, `use-tls`; at most two digits. */
const keyInWords = /^(?!(?:.*\d){3})[a-z][a-z0-9]*(?:[A-Z][a-z0-9]+|[_-][a-z0-9]+)*$/

/** Returns the value as it may be shown, or undefined if it may not. */
export function shownValue(text: string): string | undefined {
  if (isShort(text) || isHarmless(text)) return text
  return isNearKnown(text) ? text : shownAddress(text)
}

/** Returns whether text is too short to reveal anything. */
export function isShort(text: string): boolean {
  return text.length < tellingCharacters && /^[ -~]*$/.test(text)
}

function isHarmless(text: string): boolean {
  return amount.test(text) || time.test(text) || isVariable(text) || isPath(text)
}

/** `5000`, `31 days`, `1.5GB` */
const amount = /^[+-]?\d{1,8}(?:\.\d{1,3})? ?[A-Za-z]{0,7}$/
const time = /^\d{4}-\d\d-\d\d(?:T[\d:.]{2,12}(?:Z|[+-]\d\d:?\d\d)?)?$/

/** Returns whether text is one `${NAME}` or `${file:/path}` and nothing else. */
function isVariable(text: string): boolean {
  const [, name] = /^\$\{([^${}]+)\}$/.exec(text) ?? []
  if (name === undefined) return false
  return name.startsWith('file:') ? mayShowFileName(name.slice('file:'.length)) : mayShowVariable(name)
}

/** Returns whether this looks like an environment variable's name rather than a secret in braces. */
export function mayShowVariable(name: string): boolean {
  return name.length <= 64 && (/^[A-Z_][A-Z0-9_]*$/.test(name) || /^[a-z]+(?:_[a-z]+)+$/.test(name))
}

/** Returns whether a path may be shown in a place where only a path is expected. */
export function mayShowFileName(path: string): boolean {
  return path.length <= 200 && /^~?[\w./+-]+$/.test(path) && !path.split(/[^A-Za-z0-9]/).some(isTokenLike)
}

function isPath(text: string): boolean {
  // A package name can have a scope, as in `@scope/name`.
  return text.includes('/') && mayShowFileName(text.replace(/^@(?=[a-z])/, ''))
}

/** File and host names rarely mix this many letters and digits. */
function isTokenLike(part: string): boolean {
  return part.length > 40 || (part.length >= 16 && /\d/.test(part) && /[A-Za-z]/.test(part))
}

const host = /^(?:localhost|\[[\da-f:]+\]|[a-z0-9-]+(?:\.[a-z0-9-]+)+)$/

/** Returns a URL without its user, password, query and fragment. */
function shownAddress(text: string): string | undefined {
  const url = /^[a-z]+:\/\/[^/]/.test(text) ? URL.parse(text) : null
  if (url === null || !host.test(url.hostname) || url.hostname.split(/[.-]/).some(isTokenLike))
    return undefined
  const login = url.username === '' && url.password === '' ? '' : '…@'
  const path = login === '' && (url.pathname === '/' || isPath(url.pathname)) ? url.pathname : '/…'
  const query = url.search === '' && url.hash === '' ? '' : '?…'
  const shownPath = path === '/' && !text.endsWith('/') ? '' : path
  return `${url.protocol}//${login}${url.host}${login === '' ? shownPath : ''}${query}`
}
