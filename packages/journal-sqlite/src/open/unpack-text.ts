const tags = { text: 0, uuid: 1, hexadecimal: 2 } as const

/**
 * Returns the text that version 2 packed: a tag, then 16 bytes for a UUID or 32 hexadecimal digits, or the
 * text itself.
 */
export function unpackText(packed: Uint8Array): string {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength)
  switch (bytes[0]) {
    case tags.text:
      return bytes.toString('utf8', 1)
    case tags.uuid:
      return bytes.toString('hex', 1).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
    case tags.hexadecimal:
      return bytes.toString('hex', 1)
    default:
      throw new Error(`packed text has the unknown tag ${bytes[0]}`)
  }
}
