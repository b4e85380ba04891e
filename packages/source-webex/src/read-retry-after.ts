import { readHttpDate } from './read-http-date.ts'

/** Longer waits are not trusted, because a record expires after 12 hours. */
const maxWaitMs = 86_400_000

/**
 * Returns the wait that a Retry-After header requests, in milliseconds, at most 24 hours. The header contains
 * seconds, or an HTTP date, which is relative to the server's own `dateMs`. Returns null if the header is
 * missing or invalid.
 */
export function readRetryAfter(text: string | undefined, dateMs: number): number | null {
  if (text === undefined) return null
  const seconds = /^\s*(\d+(?:\.\d+)?)\s*$/.exec(text)?.[1]
  const untilMs = readHttpDate(text)
  if (seconds !== undefined) return Math.min(Math.ceil(Number(seconds) * 1_000), maxWaitMs)
  return untilMs === null ? null : Math.min(Math.max(untilMs - dateMs, 0), maxWaitMs)
}
