/** Longer lifetimes are not trusted. */
const maxLifeMs = 3_660 * 86_400_000

/**
 * Returns the lifetime of a token in milliseconds, from `expires_in` or `refresh_token_expires_in`, in
 * seconds, as a number or text. Returns null if it is implausible. The token is then used until it is
 * refused.
 */
export function readLifeMs(seconds: unknown): number | null {
  const number = typeof seconds === 'string' && /^\d{1,15}(\.\d+)?$/.test(seconds) ? Number(seconds) : seconds
  if (typeof number !== 'number' || !(number > 0)) return null
  const ms = number * 1_000
  return ms <= maxLifeMs ? ms : null
}
