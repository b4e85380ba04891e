/**
 * The same records with Report IDs and Correlation IDs that no other `round` has. As those of Webex they are
 * without order, and so is where they come to lie in an index.
 */
export function withFreshIds(text: string, round: number): string {
  return text.replace(
    /("(?:Report|Correlation) ID":")([0-9a-f]{8})/g,
    (_, name: string, digits: string) => name + freshDigits(digits, round),
  )
}

/** The first eight digits of an ID. */
export function freshDigits(digits: string, round: number): string {
  // The factor is odd: each round has bits of its own.
  const bits = Math.imul(round, 0x9e3779b1)
  return ((Number.parseInt(digits, 16) ^ bits) >>> 0).toString(16).padStart(8, '0')
}
