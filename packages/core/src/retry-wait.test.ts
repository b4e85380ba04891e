import { Chance } from '@cdrstream-internal/chance'
import { describe, expect, it } from 'vitest'
import { retryWaitMs } from './retry-wait.ts'

const pace = { firstMs: 1_000, longestMs: 60_000 }

describe('a retry wait', () => {
  it('doubles with each failure up to the longest wait', () => {
    const waits = [0, 1, 2, 5, 6, 7, 5_000].map((failures) => retryWaitMs(pace, failures, 1))
    expect(waits).toEqual([1_000, 2_000, 4_000, 32_000, 60_000, 60_000, 60_000])
  })

  it('is shortened by a random amount of at most a fifth', () => {
    const chance = new Chance(1)
    const waits = Array.from({ length: 1_000 }, () => retryWaitMs(pace, 100, chance.next()))
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(48_000)
    expect(Math.max(...waits)).toBeLessThanOrEqual(60_000)
    expect(new Set(waits).size).toBeGreaterThan(900)
    expect([retryWaitMs(pace, 0, 0), retryWaitMs(pace, 0, 0.5)]).toEqual([800, 900])
  })
})
