import { describe, expect, it } from 'vitest'
import { documentedTerms, scaledClock, scaleTerms } from './index.ts'

describe('a faster API', () => {
  it('can have terms with shorter durations and otherwise the same limits', () => {
    expect(scaleTerms(documentedTerms, 60)).toEqual({
      pageSize: { min: 500, max: 5_000 },
      initialRequests: { count: 1, perMs: 1_000 },
      pageRequests: { count: 10, perMs: 1_000 },
      settleMs: 1_000,
      retentionMs: 720_000,
      maxWindowMs: 120_000,
    })
  })

  it('can have a faster clock', () => {
    let realMs = 5_000
    const clock = scaledClock(60, 1_000_000, { nowMs: () => realMs })
    expect(clock.nowMs()).toBe(1_000_000)
    realMs += 1_001
    expect(clock.nowMs()).toBe(1_060_060)
  })
})
