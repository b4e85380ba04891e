import type { Retry } from '@cdrstream/plugin'

/**
 * Returns the outcome `retry`, with the wait of a `Retry-After` header in seconds. For a date, an invalid
 * value, or no header, the engine chooses the wait.
 */
export function retryAfter(header: string | readonly string[] | null | undefined, cause?: unknown): Retry {
  const isWait = typeof header === 'string' && /^\d{1,9}$/.test(header)
  return {
    kind: 'retry',
    ...(isWait ? { afterMs: Number(header) * 1_000 } : {}),
    ...(cause === undefined ? {} : { cause }),
  }
}
