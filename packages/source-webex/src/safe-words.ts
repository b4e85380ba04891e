const mostCharacters = 200

/** Words from outside as one line for a log: without control characters and the secret, cut short. */
export function safeWords(words: string, secret: string): string {
  const line = words
    .slice(0, 10_000)
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    // What nobody sees, and what turns the direction of writing.
    .replace(/\p{Cf}+/gu, '')
    .replace(/\bBearer\s+\S+/gi, 'Bearer [secret]')
  const scrubbed = secret === '' ? line : line.replaceAll(secret, '[secret]')
  return scrubbed.trim().slice(0, mostCharacters).toWellFormed()
}
