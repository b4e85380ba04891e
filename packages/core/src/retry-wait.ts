/** How the waits between retries grow, in milliseconds. */
export interface RetryPace {
  readonly firstMs: number
  readonly longestMs: number
}

/** The random fraction of a wait. */
const jitter = 0.2

/**
 * Returns how long to wait before the next retry, in milliseconds. The wait is `firstMs` after the first
 * failure (`failuresBefore` is 0), doubles with each failure, and is at most `longestMs`. `chance`, from 0 to
 * 1, shortens the wait by up to a fifth, so that requests that failed together are not retried together. With
 * 1 it is not shortened.
 */
export function retryWaitMs(
  { firstMs, longestMs }: RetryPace,
  failuresBefore: number,
  chance: number,
): number {
  const fullMs = Math.min(firstMs * 2 ** failuresBefore, longestMs)
  return Math.ceil(fullMs * (1 - jitter * (1 - chance)))
}
