import { isFilePath, parseByteSize, parseDurationMs } from '@cdrstream/plugin'
import { z } from 'zod'

/** The bounds of a size or duration, in the option's notation: `1KB`, `31d`. */
export interface AmountBounds {
  /** The smallest accepted value. Default: none. */
  readonly least?: string
  /** The largest accepted value. Default: none. */
  readonly most?: string
  /** A typical value, for the error message. */
  readonly example: string
}

/** Returns a schema that parses a size such as `128MB` to bytes. Throws a TypeError if a bound is invalid. */
export function byteSizeOption(bounds: AmountBounds) {
  const range = rangeOf(bounds)
  return amount(
    `expected a size${range}: a whole number and B, KB, MB, GB or TB, such as ${bounds.example}`,
    parseByteSize,
    bounds,
  )
}

/**
 * Returns a schema that parses a duration such as `60s` to milliseconds. Throws a TypeError if a bound is
 * invalid.
 */
export function durationOption(bounds: AmountBounds) {
  const range = rangeOf(bounds)
  const form = range === '' ? ': a whole number and ms, s, m, h or d' : range
  return amount(`expected a duration${form}, such as ${bounds.example}`, parseDurationMs, bounds)
}

/** Returns the schema for a boolean option: `true` or `false`. */
export function flagOption() {
  return z.boolean('expected true or false')
}

/** Returns the schema for non-empty text. `expected`: the error message. */
export function textOption(expected = 'expected non-empty text') {
  return z.string(expected).min(1, expected)
}

/** Returns the schema for a file system path. `what`: what the path points to, such as `a PEM file`. */
export function pathOption(what: string) {
  const expected = `expected the path of ${what}`
  return z.string(expected).refine(isFilePath, expected)
}

/**
 * Returns the schema for an http or https URL without a user name and password, which are separate options
 * because a URL ends up in error messages. `expected`: the error message.
 */
export function httpUrlOption(expected = 'expected an http or https URL without a user name or password') {
  return z.string(expected).refine(isPlainAddress, expected)
}

function isPlainAddress(text: string): boolean {
  const url = URL.parse(text)
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return false
  return url.username === '' && url.password === ''
}

function rangeOf({ least, most }: AmountBounds): string {
  if (least === undefined) return most === undefined ? '' : ` of at most ${most}`
  return most === undefined ? ` of at least ${least}` : ` from ${least} to ${most}`
}

function amount(expected: string, parse: (text: string) => number | undefined, bounds: AmountBounds) {
  const least = boundOf(bounds.least, 0, parse)
  const most = boundOf(bounds.most, Number.POSITIVE_INFINITY, parse)
  return z.string(expected).transform((text, context) => {
    const value = parse(text)
    if (value !== undefined && value >= least && value <= most) return value
    context.addIssue({ code: 'custom', message: expected })
    return z.NEVER
  })
}

function boundOf(
  text: string | undefined,
  absent: number,
  parse: (text: string) => number | undefined,
): number {
  if (text === undefined) return absent
  const bound = parse(text)
  if (bound === undefined) throw new TypeError(`invalid bound: ${text}`)
  return bound
}
