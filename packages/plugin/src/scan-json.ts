import { skipSpace, stringAt, stringEnd } from './object-members.ts'

/** What a parser of a JSON text has to cope with. */
export interface JsonShape {
  /** How deep arrays and objects are nested: 0 for a text, a number, true, false and null. */
  readonly depth: number
  /**
   * Whether common parsers and databases read the same value: no object has a name twice, and no number is a
   * negative zero, has an exponent of three digits, more than 15 digits and a fraction, or more than 400.
   */
  readonly isPlain: boolean
}

/** Returns the shape of a valid JSON text, in one pass. Its depth does not matter. */
export function scanJson(json: string): JsonShape {
  if (json.charCodeAt(0) === quote) return plainScalar
  /** The names of each open object; undefined for an array. */
  const open: (Set<string> | undefined)[] = []
  let depth = 0
  let isPlain = true
  let at = 0
  while (at < json.length) {
    const code = json.charCodeAt(at)
    if (code === quote) {
      const end = stringEnd(json, at)
      if (json.charCodeAt(skipSpace(json, end)) === colon) {
        const name = stringAt(json, at, end)
        const names = open.at(-1)
        if (names?.has(name) === true) isPlain = false
        names?.add(name)
      }
      at = end
    } else if (code === minus || isDigit(code)) {
      const end = numberEnd(json, at)
      if (end - at > fewDigits || code === minus) isPlain &&= isPlainNumber(json.slice(at, end))
      at = end
    } else {
      if (code === openBrace || code === openBracket) {
        open.push(code === openBrace ? new Set() : undefined)
        depth = Math.max(depth, open.length)
      } else if (code === closeBrace || code === closeBracket) open.pop()
      at += 1
    }
  }
  return { depth, isPlain }
}

const plainScalar: JsonShape = { depth: 0, isPlain: true }

const quote = 0x22
const colon = 0x3a
const minus = 0x2d
const openBracket = 0x5b
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d

/** A number of so few characters, without a sign, has no exponent of three digits. */
const fewDigits = 4
const mostDigits = 400
/** What a double holds of any decimal number, however it is written. */
const mostDecimalDigits = 15

function isPlainNumber(number: string): boolean {
  if (number.length > mostDigits || /[eE][+-]?\d{3}/.test(number)) return false
  if (/^-0(?:\.0*)?(?:[eE]|$)/.test(number)) return false
  const [digits = ''] = /[1-9][\d.]*/.exec(number) ?? []
  return digits.replace('.', '').length <= mostDecimalDigits || /^-?\d+$/.test(number)
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

function numberEnd(json: string, from: number): number {
  let at = from + 1
  while (/[-+.\deE]/.test(json.charAt(at))) at += 1
  return at
}
