const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const colon = 0x3a
const openBracket = 0x5b
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d

/** Where a JSON value ends and how complex it is. */
export interface JsonExtent {
  /** The index after the value's last byte. */
  readonly end: number
  /**
   * The number of commas, colons and opening brackets outside of strings. An upper bound for the number of
   * members and elements.
   */
  readonly marks: number
  /** How deeply arrays and objects are nested, or 0 for a scalar. */
  readonly depth: number
}

/** Returns the index of the first byte that is not JSON whitespace, or the length. */
export function skipWhitespace(bytes: Uint8Array, from: number): number {
  let at = from
  while (at < bytes.length && isWhitespace(bytes[at])) at += 1
  return at
}

/**
 * Returns the extent of the JSON value, in UTF-8, that begins at `from`, or undefined if it does not end.
 * Examines only quotes and brackets, so it finds the end of a value even if the content is invalid. Not
 * recursive, so deep nesting cannot exhaust the stack.
 */
export function measureJson(bytes: Uint8Array, from: number): JsonExtent | undefined {
  switch (bytes[from]) {
    case quote: {
      const end = findStringEnd(bytes, from)
      return end === -1 ? undefined : { end, marks: 0, depth: 0 }
    }
    case openBrace:
    case openBracket:
      return measureNested(bytes, from)
    default:
      return { end: findScalarEnd(bytes, from), marks: 0, depth: 0 }
  }
}

function findStringEnd(bytes: Uint8Array, from: number): number {
  for (let at = from + 1; at < bytes.length; at += 1) {
    const code = bytes[at]
    if (code === quote) return at + 1
    if (code === backslash) at += 1
  }
  return -1
}

function measureNested(bytes: Uint8Array, from: number): JsonExtent | undefined {
  let marks = 0
  let depth = 0
  let deepest = 0
  for (let at = from; at < bytes.length; ) {
    switch (bytes[at]) {
      case quote:
        at = findStringEnd(bytes, at)
        if (at === -1) return undefined
        continue
      case comma:
      case colon:
        marks += 1
        break
      case openBrace:
      case openBracket:
        marks += 1
        depth += 1
        if (depth > deepest) deepest = depth
        break
      case closeBrace:
      case closeBracket:
        depth -= 1
        if (depth === 0) return { end: at + 1, marks, depth: deepest }
        break
    }
    at += 1
  }
  return undefined
}

function findScalarEnd(bytes: Uint8Array, from: number): number {
  let at = from
  while (at < bytes.length && !endsScalar(bytes[at])) at += 1
  return at
}

function endsScalar(code: number | undefined): boolean {
  return code === comma || code === closeBracket || code === closeBrace || isWhitespace(code)
}

function isWhitespace(code: number | undefined): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
}
