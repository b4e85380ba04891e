/** A member of a JSON object, with its positions in the text. */
export interface ObjectMember {
  readonly name: string
  /** The position of its name's opening quote. */
  readonly fromAt: number
  readonly valueAt: number
  /** The end of its value, exclusive. */
  readonly toAt: number
}

/**
 * Returns the members of a JSON object in order, including members with a repeated name. Does not parse the
 * values, so they can be nested to any depth. The text must be valid JSON. Throws a SyntaxError if it is not
 * an object.
 */
export function objectMembers(text: string): readonly ObjectMember[] {
  const members: ObjectMember[] = []
  let at = skipSpace(text, 0)
  if (text.charCodeAt(at) !== openBrace) throw new SyntaxError('not a JSON object')
  at = skipSpace(text, at + 1)
  while (text.charCodeAt(at) === quote) {
    const fromAt = at
    const nameEnd = stringEnd(text, at)
    const valueAt = skipSpace(text, skipSpace(text, nameEnd) + 1)
    const toAt = valueEnd(text, valueAt)
    members.push({ name: stringAt(text, fromAt, nameEnd), fromAt, valueAt, toAt })
    at = skipSpace(text, toAt)
    if (text.charCodeAt(at) !== comma) break
    at = skipSpace(text, at + 1)
  }
  if (text.charCodeAt(at) !== closeBrace) throw new SyntaxError('unterminated JSON object')
  return members
}

const quote = 0x22
const comma = 0x2c
const openBracket = 0x5b
const backslash = 0x5c
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d

/** Returns the value of the JSON string between these positions, which include the quotes. */
export function stringAt(text: string, fromAt: number, toAt: number): string {
  const content = text.slice(fromAt + 1, toAt - 1)
  return content.includes('\\') ? JSON.parse(text.slice(fromAt, toAt)) : content
}

/** Returns the position of the first character at or after `from` that is not whitespace. */
export function skipSpace(text: string, from: number): number {
  let at = from
  while (isSpace(text.charCodeAt(at))) at += 1
  return at
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
}

/** Returns the position after the closing quote of the string that begins at `from`. */
export function stringEnd(text: string, from: number): number {
  let at = from + 1
  while (true) {
    const code = text.charCodeAt(at)
    if (code === quote) return at + 1
    if (Number.isNaN(code)) throw new SyntaxError('unterminated JSON string')
    at += code === backslash ? 2 : 1
  }
}

/** Returns the position after the value that begins at `from`. */
export function valueEnd(text: string, from: number): number {
  const code = text.charCodeAt(from)
  if (code === quote) return stringEnd(text, from)
  return code === openBrace || code === openBracket ? containerEnd(text, from) : scalarEnd(text, from)
}

function containerEnd(text: string, from: number): number {
  let depth = 0
  let at = from
  do {
    const code = text.charCodeAt(at)
    if (Number.isNaN(code)) throw new SyntaxError('unterminated JSON value')
    if (code === quote) {
      at = stringEnd(text, at)
      continue
    }
    if (code === openBrace || code === openBracket) depth += 1
    else if (code === closeBrace || code === closeBracket) depth -= 1
    at += 1
  } while (depth > 0)
  return at
}

function scalarEnd(text: string, from: number): number {
  let at = from
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code === comma || code === closeBrace || isSpace(code)) break
    at += 1
  }
  return at
}
