import type { Behaviour } from './simulator-options.ts'

/** The rate limit of one credential for one kind of request. */
export interface RateLimiter {
  /**
   * Returns how long until a request is allowed, in milliseconds, or null if it is allowed now. Does not
   * count the request.
   */
  waitMs(nowMs: number): number | null
  count(nowMs: number): void
}

export function rateLimiter(
  { count, perMs }: { readonly count: number; readonly perMs: number },
  form: Behaviour['rateLimit'],
): RateLimiter {
  switch (form) {
    case 'sliding':
      return slidingLimiter(count, perMs)
    case 'fixed-minute':
      return fixedLimiter(count, perMs)
    case 'token-bucket':
      return bucketLimiter(count, perMs)
  }
}

function slidingLimiter(count: number, perMs: number): RateLimiter {
  let arrivals: number[] = []
  return {
    waitMs(nowMs) {
      arrivals = arrivals.filter((atMs) => atMs > nowMs - perMs)
      const oldest = arrivals[arrivals.length - count]
      return oldest === undefined ? null : oldest + perMs - nowMs
    },
    count: (nowMs) => void arrivals.push(nowMs),
  }
}

function fixedLimiter(count: number, perMs: number): RateLimiter {
  let minute = Number.NaN
  let used = 0
  const enter = (nowMs: number) => {
    const current = Math.floor(nowMs / perMs)
    if (current !== minute) used = 0
    minute = current
  }
  return {
    waitMs(nowMs) {
      enter(nowMs)
      return used < count ? null : (minute + 1) * perMs - nowMs
    },
    count(nowMs) {
      enter(nowMs)
      used += 1
    },
  }
}

function bucketLimiter(count: number, perMs: number): RateLimiter {
  // Counts in whole units to avoid rounding: a request costs `perMs`, and each millisecond adds `count`.
  let credit = count * perMs
  let filledMs = Number.NaN
  const fill = (nowMs: number) => {
    if (!Number.isNaN(filledMs)) credit = Math.min(count * perMs, credit + (nowMs - filledMs) * count)
    filledMs = nowMs
  }
  return {
    waitMs(nowMs) {
      fill(nowMs)
      return credit >= perMs ? null : (perMs - credit) / count
    },
    count(nowMs) {
      fill(nowMs)
      credit = Math.max(0, credit - perMs)
    },
  }
}
