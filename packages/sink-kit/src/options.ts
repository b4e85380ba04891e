import { isFilePath, parseByteSize, parseDurationMs } from '@cdrstream/plugin'
import { z } from 'zod'

/** Bounds are written as the option is: `1KB`, `31d`. */
export interface AmountBounds {
  /** The smallest value that is accepted. Default: none. */
  readonly least?: string
  /** The largest value that is accepted. Default: none. */
  readonly most?: string
  /** A usual value, for the message. */
  readonly example: string
}

/** A size such as `128MB`. The option is text, the result is bytes. */
export function byteSizeOption(bounds: AmountBounds) {
  const range = rangeOf(bounds)
  return amount(
    `expected a size${range}: a whole number and B, KB, MB, GB or TB, such as ${bounds.example}`,
    parseByteSize,
    bounds,
  )
}

/** A duration such as `60s`. The option is text, the result is milliseconds. */
export function durationOption(bounds: AmountBounds) {
  const range = rangeOf(bounds)
  const form = range === '' ? ': a whole number and ms, s, m, h or d' : range
  return amount(`expected a duration${form}, such as ${bounds.example}`, parseDurationMs, bounds)
}

/** `true` or `false`. */
export function flagOption() {
  return z.boolean('expected true or false')
}

/** Text that is not empty. `expected`: the message for anything else. */
export function textOption(expected = 'expected text that is not empty') {
  return z.string(expected).min(1, expected)
}

/** A path of the file system. `what`: what it leads to, such as `a PEM file`. */
export function pathOption(what: string) {
  const expected = `expected the path of ${what}`
  return z.string(expected).refine(isFilePath, expected)
}

/**
 * An address of a server, http or https. It has no user and password, which would end up in error messages:
 * they are options of their own. `expected`: the message for anything else.
 */
export function httpUrlOption(expected = 'expected an http or https address without a login') {
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
  if (bound === undefined) throw new TypeError(`not a bound: ${text}`)
  return bound
}
