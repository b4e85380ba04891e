/**
 * Returns the same records with Report IDs and Correlation IDs that differ in every `round`. Like Webex IDs,
 * they are random and therefore spread over an index.
 */
export function withFreshIds(text: string, round: number): string {
  return text.replace(
    /("(?:Report|Correlation) ID":")([0-9a-f]{8})/g,
    (_, name: string, digits: string) => name + freshDigits(digits, round),
  )
}

/** Returns new digits for the first eight digits of an ID. */
export function freshDigits(digits: string, round: number): string {
  // The factor is odd, so every round changes different bits.
  const bits = Math.imul(round, 0x9e3779b1)
  return ((Number.parseInt(digits, 16) ^ bits) >>> 0).toString(16).padStart(8, '0')
}
