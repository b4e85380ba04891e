import { isFilePath, parseByteSize, parseDurationMs } from '@cdrstream/plugin'
import { isLoopback } from '@cdrstream/source-webex'
import { z } from 'zod'

/**
 * A value that `read` understands; it returns undefined for what it does not. `expected` is said to the user.
 */
export function leaf<Value>(expected: string, read: (value: unknown) => Value | undefined) {
  return z.unknown().transform((input, context): Value => {
    const value = read(input)
    if (value !== undefined) return value
    context.issues.push({ code: 'custom', input, message: `expected ${expected}` })
    return z.NEVER
  })
}

/**
 * A mapping with these keys and no others. The message about an unknown one is a list of them, see
 * `shapeProblems`.
 */
export function mapping<Shape extends z.core.$ZodLooseShape>(expected: string, shape: Shape) {
  const known = Object.keys(shape)
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? known.join(' ') : `expected ${expected}`),
  })
}

/** A list of `least` to `most` elements. */
export function list<Element extends z.ZodType>(
  expected: string,
  element: Element,
  least: number,
  most: number,
) {
  const error = `expected ${expected}`
  return z.array(element, { error }).min(least, { error }).max(most, { error })
}

const text = leaf('text', (value) => (typeof value === 'string' && value.trim() !== '' ? value : undefined))

/** The path of a file, or what stands where one could. */
export const path = text.refine((value) => typeof value !== 'string' || isFilePath(value), {
  error: 'expected a path of up to 4095 characters, none of them a control character',
})

export function isPathText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '' && isFilePath(value)
}

export const name = leaf(
  'a name of up to 63 letters, digits, ".", "_" and "-" that begins with a letter or digit',
  (value) =>
    typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(value) ? value : undefined,
)

/** What goes into an HTTP header: anything else would be refused there, with the token in the error. */
export const token = leaf('a token without spaces and line breaks', (value) =>
  typeof value === 'string' && /^[\x21-\x7e]+$/.test(value) ? value : undefined,
)

/** In milliseconds; `least` is a duration as well. */
export const duration = (least: string) => {
  const leastMs = parseDurationMs(least) ?? 0
  return leaf(`a duration of ${least} or more, such as 250ms, 60s, 5m, 2h or 30d`, (value) => {
    const ms = typeof value === 'string' ? parseDurationMs(value) : undefined
    return ms !== undefined && ms >= leastMs ? ms : undefined
  })
}

/** In bytes. */
export const size = leaf('a size such as 512MB or 20GB', (value) =>
  typeof value === 'string' ? parseByteSize(value) : undefined,
)

export const wholeNumber = (least: number, most: number) =>
  leaf(`a whole number from ${least} to ${most}`, (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
      ? value
      : undefined,
  )

export function oneOf<Word extends string>(words: readonly [Word, ...Word[]]) {
  const last = words.at(-1)
  return leaf(`${words.slice(0, -1).join(', ')} or ${last}`, (value) => words.find((word) => word === value))
}

/** An address over TLS; plain http for a loopback address alone, since the token goes there. */
export const address = leaf('an https address (plain http for a loopback address alone)', (value) => {
  const url = typeof value === 'string' ? URL.parse(value) : null
  if (url === null || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    return undefined
  }
  const allowed = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
  return allowed ? url.href.replace(/\/+$/, '') : undefined
})

/** In milliseconds since 1970. A day alone is its beginning in UTC. */
export const instant = leaf('earliest, now, or a time such as 2026-11-01T00:00:00Z', (value) => {
  if (value === 'earliest' || value === 'now') return value
  if (typeof value !== 'string') return undefined
  const isTime = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/.test(value)
  const ms = isTime ? Date.parse(value) : Number.NaN
  return Number.isNaN(ms) ? undefined : ms
})
