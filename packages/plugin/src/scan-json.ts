import { skipSpace, stringAt, stringEnd } from './object-members.ts'

/** The properties of a JSON text that can trip up a parser. */
export interface JsonShape {
  /** How deeply arrays and objects are nested; 0 for a string, a number, true, false or null. */
  readonly depth: number
  /**
   * Whether common parsers and databases all read the same value. False if an object repeats a name, or if a
   * number is a negative zero, has an exponent of three digits, has a fraction and more than 15 digits, or is
   * longer than 400 characters.
   */
  readonly isPlain: boolean
}

/** Returns the shape of a valid JSON text, nested to any depth, in one pass. */
export function scanJson(json: string): JsonShape {
  if (json.charCodeAt(0) === quote) return plainScalar
  /** The names seen in each open object; undefined for an open array. */
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
      if (end - at > alwaysPlainLength || code === minus) isPlain &&= isPlainNumber(json.slice(at, end))
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

/** An unsigned number of up to this many characters cannot have an exponent of three digits. */
const alwaysPlainLength = 4
const maxDigits = 400
/** A double keeps this many significant digits of any decimal number. */
const maxDecimalDigits = 15

function isPlainNumber(number: string): boolean {
  if (number.length > maxDigits || /[eE][+-]?\d{3}/.test(number)) return false
  if (/^-0(?:\.0*)?(?:[eE]|$)/.test(number)) return false
  const [digits = ''] = /[1-9][\d.]*/.exec(number) ?? []
  return digits.replace('.', '').length <= maxDecimalDigits || /^-?\d+$/.test(number)
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

function numberEnd(json: string, from: number): number {
  let at = from + 1
  while (/[-+.\deE]/.test(json.charAt(at))) at += 1
  return at
}
