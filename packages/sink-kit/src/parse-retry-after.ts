/**
 * Reads a `Retry-After` header in seconds. Returns the wait in milliseconds, for `afterMs` of the outcome `retry`;
 * undefined for a date, or if there is no such header.
 */
export function parseRetryAfterMs(header: string | readonly string[] | null | undefined): number | undefined {
  return typeof header === 'string' && /^\d{1,9}$/.test(header) ? Number(header) * 1_000 : undefined
}
