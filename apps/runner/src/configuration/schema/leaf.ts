import { isFilePath, parseByteSize, parseDurationMs } from '@cdrstream/plugin'
import { isLoopback } from '@cdrstream/source-webex'
import { z } from 'zod'

/** The JSON Schema of a value, which cannot be derived from `read`. */
type Form = Readonly<Record<string, unknown>>

/**
 * Returns the schema of a value that `read` accepts. `read` returns undefined for any other value. `expected`
 * describes the value to the user, in problems and in the JSON Schema.
 */
export function leaf<Value>(expected: string, form: Form, read: (value: unknown) => Value | undefined) {
  const schema = z.unknown().transform((input, context): Value => {
    const value = read(input)
    if (value !== undefined) return value
    context.issues.push({ code: 'custom', input, message: `expected ${expected}` })
    return z.NEVER
  })
  return schema.meta({ ...form, expected })
}

/**
 * Returns the schema of a mapping with these keys and no others. The message about an unknown key lists the
 * known keys (see `shapeProblems`).
 */
export function mapping<Shape extends z.core.$ZodLooseShape>(expected: string, shape: Shape) {
  const known = Object.keys(shape)
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? known.join(' ') : `expected ${expected}`),
  })
}

/** Returns the schema of a list of `least` to `most` elements. */
export function list<Element extends z.ZodType>(
  expected: string,
  element: Element,
  least: number,
  most: number,
) {
  const error = `expected ${expected}`
  return z.array(element, { error }).min(least, { error }).max(most, { error })
}

function matching(pattern: RegExp, value: unknown): string | undefined {
  return typeof value === 'string' && pattern.test(value) ? value : undefined
}

/** Returns the schema of text that matches this pattern. */
function textLike(expected: string, pattern: RegExp) {
  return leaf(expected, { type: 'string', pattern: pattern.source }, (value) => matching(pattern, value))
}

const text = textLike('text', /\S/)

/** The schema of a file path. */
export const path = text.refine((value) => typeof value !== 'string' || isFilePath(value), {
  error: 'expected a path of up to 4095 characters, none of them a control character',
})

/** Returns whether a value is valid for `path`. */
export function isPathText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '' && isFilePath(value)
}

export const name = textLike(
  'a name of up to 63 letters, digits, ".", "_" and "-" that begins with a letter or digit',
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/,
)

/**
 * A token is sent in an HTTP header. Other characters would be rejected there with an error that quotes the
 * token.
 */
export const token = textLike('a token without spaces or line breaks', /^[\x21-\x7e]+$/)

/** In milliseconds. `least` is also a duration. */
export const duration = (least: string) => {
  const leastMs = parseDurationMs(least) ?? 0
  const form = { type: 'string', pattern: String.raw`^\d+(ms|s|m|h|d)$` }
  return leaf(`a duration of ${least} or more, such as 250ms, 60s, 5m, 2h or 30d`, form, (value) => {
    const ms = typeof value === 'string' ? parseDurationMs(value) : undefined
    return ms !== undefined && ms >= leastMs ? ms : undefined
  })
}

/** In bytes. */
export const size = leaf(
  'a size such as 512MB or 20GB',
  { type: 'string', pattern: String.raw`^\d+(B|KB|MB|GB|TB)$` },
  (value) => (typeof value === 'string' ? parseByteSize(value) : undefined),
)

export const wholeNumber = (minimum: number, maximum: number) =>
  leaf(`a whole number from ${minimum} to ${maximum}`, { type: 'integer', minimum, maximum }, (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum
      ? value
      : undefined,
  )

export function oneOf<Word extends string>(words: readonly [Word, ...Word[]]) {
  const last = words.at(-1)
  const expected = `${words.slice(0, -1).join(', ')} or ${last}`
  return leaf(expected, { type: 'string', enum: words }, (value) => words.find((word) => word === value))
}

export const yesOrNo = leaf('true or false', { type: 'boolean' }, (value) =>
  typeof value === 'boolean' ? value : undefined,
)

const hostPattern = /^[A-Za-z0-9.-]{1,253}(:\d{1,5})?$/
export const host = leaf('a host, or host:port', { type: 'string', pattern: hostPattern.source }, (value) =>
  typeof value === 'string' && hostPattern.test(value) ? value.toLowerCase() : undefined,
)

/** An https URL, because the token is sent there. Plain http is accepted only for a loopback address. */
export const httpsUrl = leaf(
  'an https URL (plain http for a loopback address only)',
  { type: 'string', pattern: '^https?://' },
  (value) => {
    const url = typeof value === 'string' ? URL.parse(value) : null
    if (url === null || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
      return undefined
    }
    const allowed = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
    return allowed ? url.href.replace(/\/+$/, '') : undefined
  },
)

const time = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/

/** In milliseconds since 1970. A date without a time is the start of that day in UTC. */
export const instant = leaf(
  'earliest, now, or a time such as 2026-11-01T00:00:00Z',
  { type: 'string', anyOf: [{ enum: ['earliest', 'now'] }, { pattern: time.source }] },
  (value) => {
    if (value === 'earliest' || value === 'now') return value
    const ms = Date.parse(matching(time, value) ?? '')
    return Number.isNaN(ms) ? undefined : ms
  },
)

/** A mapping whose keys another part of the program checks. */
export const anyMapping = (form: Form = {}) =>
  leaf('a mapping', { type: 'object', ...form }, (value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined,
  )
