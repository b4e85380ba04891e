// The first byte keeps the forms apart: no text can look like a packed UUID.
const tags = { text: 0, uuid: 1, hexadecimal: 2 } as const

/** Packs a text; a lower-case UUID, or 32 lower-case hexadecimal digits, into 17 bytes. Distinct texts stay distinct. */
export function packText(text: string): Buffer {
  const packedDigits =
    text.length === 36
      ? packDigits(tags.uuid, text, hyphens)
      : text.length === 32
        ? packDigits(tags.hexadecimal, text, [])
        : undefined
  if (packedDigits !== undefined) return packedDigits
  const packed = Buffer.allocUnsafe(1 + Buffer.byteLength(text))
  packed[0] = tags.text
  packed.write(text, 1)
  return packed
}

/** The text that was packed. */
export function unpackText(packed: Uint8Array): string {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength)
  switch (bytes[0]) {
    case tags.text:
      return bytes.toString('utf8', 1)
    case tags.uuid: {
      const digits = bytes.toString('hex', 1)
      return [
        digits.slice(0, 8),
        digits.slice(8, 12),
        digits.slice(12, 16),
        digits.slice(16, 20),
        digits.slice(20),
      ].join('-')
    }
    case tags.hexadecimal:
      return bytes.toString('hex', 1)
    default:
      throw new Error(`packed text with the unknown tag ${bytes[0]}`)
  }
}

/** Where a UUID has its hyphens. */
const hyphens: readonly number[] = [8, 13, 18, 23]
const hyphen = 0x2d

/** What each character counts as a lower-case hexadecimal digit; 255: it is none. */
const digitValues = new Uint8Array(256).fill(255)
for (const [value, digit] of [...'0123456789abcdef'].entries()) digitValues[digit.charCodeAt(0)] = value

/** Undefined if there is anything else than 32 digits and these hyphens. By hand: expressions and slices take longer. */
function packDigits(tag: number, text: string, hyphensAt: readonly number[]): Buffer | undefined {
  const packed = Buffer.allocUnsafe(17)
  packed[0] = tag
  let to = 1
  let high = -1
  let skipped = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (at === hyphensAt[skipped]) {
      if (code !== hyphen) return undefined
      skipped += 1
      continue
    }
    const value = digitValues[code] ?? 255
    if (value === 255) return undefined
    if (high < 0) high = value
    else {
      packed[to] = 16 * high + value
      to += 1
      high = -1
    }
  }
  return packed
}
