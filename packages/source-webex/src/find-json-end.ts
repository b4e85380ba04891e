const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const openBracket = 0x5b
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d

/** The index of the first byte that is no JSON whitespace, or the length. */
export function skipWhitespace(bytes: Uint8Array, from: number): number {
  let at = from
  while (at < bytes.length && isWhitespace(bytes[at])) at += 1
  return at
}

/**
 * The index behind the JSON value that begins at `from`, in UTF-8; -1 if it does not end. Looks at quotes and brackets only: for a value
 * that is valid the answer is exact, and whether it is, is for `JSON.parse` to say. Takes no stack, however deep the value is nested.
 */
export function findJsonEnd(bytes: Uint8Array, from: number): number {
  switch (bytes[from]) {
    case quote:
      return findStringEnd(bytes, from)
    case openBrace:
    case openBracket:
      return findBracketEnd(bytes, from)
    default:
      return findScalarEnd(bytes, from)
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

function findBracketEnd(bytes: Uint8Array, from: number): number {
  let depth = 0
  for (let at = from; at < bytes.length; ) {
    switch (bytes[at]) {
      case quote:
        at = findStringEnd(bytes, at)
        if (at === -1) return -1
        continue
      case openBrace:
      case openBracket:
        depth += 1
        break
      case closeBrace:
      case closeBracket:
        depth -= 1
        if (depth === 0) return at + 1
        break
    }
    at += 1
  }
  return -1
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
