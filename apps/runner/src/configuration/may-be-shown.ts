import { isNearKnown } from './known-words.ts'

/**
 * What of a configuration file may stand in a message. A slip such as a forgotten space or quote makes a
 * secret a key, or a part of a value beside it. So only what has a harmless shape is shown; the place in the
 * file says the rest.
 */

/** A piece of a secret with this many characters would give something away. */
const tellingCharacters = 6

/** Whether a key may be shown: a known one or nearly, or one in words as keys are written. */
export function mayShowKey(key: string): boolean {
  return isShort(key) || isNearKnown(key) || (key.length <= 24 && keyInWords.test(key))
}

/** `retryAfter`, `max_size`, `use-tls`; at most two digits. */
const keyInWords = /^(?!(?:.*\d){3})[a-z][a-z0-9]*(?:[A-Z][a-z0-9]+|[_-][a-z0-9]+)*$/

/** Returns a value as it may be shown, and undefined if it may not. */
export function shownValue(text: string): string | undefined {
  if (isShort(text) || isHarmless(text)) return text
  return isNearKnown(text) ? text : shownAddress(text)
}

/** Whether a text is so short that it tells nothing. */
export function isShort(text: string): boolean {
  return text.length < tellingCharacters && /^[ -~]*$/.test(text)
}

function isHarmless(text: string): boolean {
  return amount.test(text) || time.test(text) || isVariable(text) || isPath(text)
}

/** `5000`, `31 days`, `1.5GB` */
const amount = /^[+-]?\d{1,8}(?:\.\d{1,3})? ?[A-Za-z]{0,7}$/
const time = /^\d{4}-\d\d-\d\d(?:T[\d:.]{2,12}(?:Z|[+-]\d\d:?\d\d)?)?$/

/** `${NAME}` or `${file:/path}`, and nothing beside it. */
function isVariable(text: string): boolean {
  const [, name] = /^\$\{([^${}]+)\}$/.exec(text) ?? []
  if (name === undefined) return false
  return name.startsWith('file:') ? mayShowFileName(name.slice('file:'.length)) : mayShowVariable(name)
}

/** Whether this is how environment variables are named, and no secret that was put into the braces. */
export function mayShowVariable(name: string): boolean {
  return name.length <= 64 && (/^[A-Z_][A-Z0-9_]*$/.test(name) || /^[a-z]+(?:_[a-z]+)+$/.test(name))
}

/** Whether a path may be shown where nothing but a path can stand. */
export function mayShowFileName(path: string): boolean {
  return path.length <= 200 && /^~?[\w./+-]+$/.test(path) && !path.split(/[^A-Za-z0-9]/).some(isTokenLike)
}

function isPath(text: string): boolean {
  // A package has a scope, as in `@scope/name`.
  return text.includes('/') && mayShowFileName(text.replace(/^@(?=[a-z])/, ''))
}

/** Names of files and hosts seldom mix this many letters and digits. */
function isTokenLike(part: string): boolean {
  return part.length > 40 || (part.length >= 16 && /\d/.test(part) && /[A-Za-z]/.test(part))
}

const host = /^(?:localhost|\[[\da-f:]+\]|[a-z0-9-]+(?:\.[a-z0-9-]+)+)$/

/** An address with its path, but without a user, a password, a query and a fragment. */
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
