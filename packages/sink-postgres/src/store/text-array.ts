const dimensions = 1
const noNulls = 0
const typeOfText = 25
const firstIndex = 1
const headBytes = 20
/** UTF-8 uses at most three bytes per UTF-16 code unit. */
const maxBytesPerUnit = 3

/**
 * Returns strings as a `text[]` in binary form, which the server reads faster than quoted strings. PostgreSQL
 * must be able to store each string.
 */
export function textArray(texts: readonly string[]): Buffer {
  const units = texts.reduce((sum, { length }) => sum + length, 0)
  const bytes = Buffer.allocUnsafe(headBytes + 4 * texts.length + maxBytesPerUnit * units)
  for (const [at, value] of [dimensions, noNulls, typeOfText, texts.length, firstIndex].entries())
    bytes.writeInt32BE(value, 4 * at)
  let end = headBytes
  for (const text of texts) {
    const length = bytes.write(text, end + 4)
    bytes.writeInt32BE(length, end)
    end += 4 + length
  }
  return bytes.subarray(0, end)
}
