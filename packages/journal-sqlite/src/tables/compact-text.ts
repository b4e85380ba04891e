const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const hexadecimal = /^[0-9a-f]{32}$/

// The first byte keeps the forms apart: no text can look like a packed UUID.
const tags = { text: 0, uuid: 1, hexadecimal: 2 } as const

/** Packs a text; a lower-case UUID, or 32 lower-case hexadecimal digits, into 17 bytes. Distinct texts stay distinct. */
export function packText(text: string): Buffer {
  if (text.length === 36 && uuid.test(text)) {
    const digits = `${text.slice(0, 8)}${text.slice(9, 13)}${text.slice(14, 18)}${text.slice(19, 23)}${text.slice(24)}`
    return packDigits(tags.uuid, digits)
  }
  if (text.length === 32 && hexadecimal.test(text)) return packDigits(tags.hexadecimal, text)
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

function packDigits(tag: number, digits: string): Buffer {
  const packed = Buffer.allocUnsafe(17)
  packed[0] = tag
  packed.write(digits, 1, 'hex')
  return packed
}
