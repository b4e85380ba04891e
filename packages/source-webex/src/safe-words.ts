const mostCharacters = 200

/** Words from outside as one line for a log: without control characters and the secrets, cut short. */
export function safeWords(words: string, ...secrets: readonly string[]): string {
  const line = words
    .slice(0, 10_000)
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    // What nobody sees, and what turns the direction of writing.
    .replace(/\p{Cf}+/gu, '')
    .replace(/\bBearer\s+\S+/gi, 'Bearer [secret]')
  const scrubbed = secrets
    // In an address or a form it looks another way.
    .flatMap((secret) => [secret, encodeURIComponent(secret.toWellFormed())])
    .filter((secret) => secret !== '')
    .reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), line)
  return scrubbed.trim().slice(0, mostCharacters).toWellFormed()
}
