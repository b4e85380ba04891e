import { readHttpDate } from './read-http-date.ts'

/**
 * A clock that is further off is not the API's: one that believed it would give up all records as expired.
 */
const mostDifferenceMs = 366 * 86_400_000

/**
 * The server's Date header, in milliseconds; null if there is none, or if it is more than a year from our own
 * clock.
 */
export function readServerDate(text: string | undefined, nowMs: number): number | null {
  const dateMs = readHttpDate(text)
  return dateMs === null || Math.abs(dateMs - nowMs) > mostDifferenceMs ? null : dateMs
}
