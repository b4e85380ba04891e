/** Longer is not believed. */
const longestMs = 3_660 * 86_400_000

/**
 * The life of a token, from `expires_in` or `refresh_token_expires_in`: seconds, as a number or as text. In
 * milliseconds; null if it makes no sense, and then the token is used until it is refused.
 */
export function readLifeMs(seconds: unknown): number | null {
  const number = typeof seconds === 'string' && /^\d{1,15}(\.\d+)?$/.test(seconds) ? Number(seconds) : seconds
  if (typeof number !== 'number' || !(number > 0)) return null
  const ms = number * 1_000
  return ms <= longestMs ? ms : null
}
