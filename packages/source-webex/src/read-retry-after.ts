import { readHttpDate } from './read-http-date.ts'

/** Longer is not believed: a record is gone after 12 hours. */
const longestMs = 86_400_000

/**
 * How long a Retry-After header asks to wait, in milliseconds, 24 hours at most: seconds, or an HTTP date,
 * which is counted from the server's own `dateMs`. Null if there is none, or if it makes no sense.
 */
export function readRetryAfter(text: string | undefined, dateMs: number): number | null {
  if (text === undefined) return null
  const seconds = /^\s*(\d+(?:\.\d+)?)\s*$/.exec(text)?.[1]
  const untilMs = readHttpDate(text)
  if (seconds !== undefined) return Math.min(Math.ceil(Number(seconds) * 1_000), longestMs)
  return untilMs === null ? null : Math.min(Math.max(untilMs - dateMs, 0), longestMs)
}
