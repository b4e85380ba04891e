import type { Retry } from '@cdrstream/plugin'

/**
 * Returns a `retry` outcome with the wait that a `Retry-After` header requests in seconds. If the header is a
 * date, invalid or missing, the engine chooses the wait.
 */
export function retryAfter(header: string | readonly string[] | null | undefined, cause?: unknown): Retry {
  const isWait = typeof header === 'string' && /^\d{1,9}$/.test(header)
  return {
    kind: 'retry',
    ...(isWait ? { afterMs: Number(header) * 1_000 } : {}),
    ...(cause === undefined ? {} : { cause }),
  }
}
