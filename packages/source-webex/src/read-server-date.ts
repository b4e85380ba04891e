import { readHttpDate } from './read-http-date.ts'

/** A larger difference cannot come from the API's clock. Trusting it would give up all records as expired. */
const maxDifferenceMs = 366 * 86_400_000

/**
 * Returns the server's Date header in milliseconds since 1970, or null if it is missing or more than a year
 * off the local clock.
 */
export function readServerDate(text: string | undefined, nowMs: number): number | null {
  const dateMs = readHttpDate(text)
  return dateMs === null || Math.abs(dateMs - nowMs) > maxDifferenceMs ? null : dateMs
}
