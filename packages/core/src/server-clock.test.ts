import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { learnServerClock, type ServerClock, unknownServerClock } from './server-clock.ts'

const startMs = Date.UTC(2026, 8, 24, 12)
const dayMs = 86_400_000

interface Exchange {
  /** The time since the previous exchange was answered. */
  readonly pauseMs: number
  readonly thereMs: number
  readonly backMs: number
}

const exchange: fc.Arbitrary<Exchange> = fc.record({
  pauseMs: fc.integer({ min: 0, max: 600_000 }),
  thereMs: fc.integer({ min: 0, max: 30_000 }),
  backMs: fc.integer({ min: 0, max: 30_000 }),
})

/**
 * Returns what is known about a server that is `aheadMs` ahead after these exchanges; the header has a
 * resolution of one second.
 */
function learnFrom(exchanges: readonly Exchange[], aheadMs: (atMs: number) => number) {
  let clock: ServerClock = unknownServerClock(startMs)
  let nowMs = startMs
  const steps: { clock: ServerClock; nowMs: number; travelMs: number }[] = []
  for (const { pauseMs, thereMs, backMs } of exchanges) {
    const sentAtMs = nowMs + pauseMs
    const writtenAtMs = sentAtMs + thereMs
    const dateMs = Math.floor((writtenAtMs + aheadMs(writtenAtMs)) / 1_000) * 1_000
    nowMs = writtenAtMs + backMs
    clock = learnServerClock(clock, { dateMs, sentAtMs, answeredAtMs: nowMs })
    steps.push({ clock, nowMs, travelMs: thereMs + backMs })
  }
  return steps
}

const skewMs = fc.oneof(
  fc.integer({ min: -3_000, max: 3_000 }),
  fc.integer({ min: -30 * dayMs, max: 30 * dayMs }),
)

describe("the server's clock", () => {
  it('is in the interval for any skew and any response time', () => {
    fc.assert(
      fc.property(skewMs, fc.array(exchange, { minLength: 1, maxLength: 20 }), (skewMs, exchanges) => {
        // More than a day is accepted if a second response agrees.
        for (const { clock } of learnFrom(exchanges, () => skewMs).slice(Math.abs(skewMs) < dayMs ? 0 : 1)) {
          expect(clock.aheadMinMs).toBeLessThanOrEqual(skewMs)
          expect(clock.aheadMaxMs).toBeGreaterThanOrEqual(skewMs)
        }
      }),
      { numRuns: 1_000 },
    )
  })

  it('is in the interval while the two clocks drift apart', () => {
    const drift = fc.double({ min: -9e-5, max: 9e-5, noNaN: true })
    const quick = fc.array(
      fc.record({
        pauseMs: fc.integer({ min: 0, max: 3_600_000 }),
        thereMs: fc.nat({ max: 20 }),
        backMs: fc.nat({ max: 20 }),
      }),
      { minLength: 1, maxLength: 30, size: 'max' },
    )
    fc.assert(
      fc.property(skewMs, drift, quick, (skewMs, drift, exchanges) => {
        const aheadMs = (atMs: number) => skewMs + (atMs - startMs) * drift
        for (const { clock, nowMs, travelMs } of learnFrom(exchanges, aheadMs).slice(1)) {
          // Within an exchange, the drift is unknown too.
          const toleranceMs = travelMs * 1e-4 + 1e-3
          expect(clock.aheadMinMs).toBeLessThanOrEqual(aheadMs(nowMs) + toleranceMs)
          expect(clock.aheadMaxMs).toBeGreaterThanOrEqual(aheadMs(nowMs) - toleranceMs)
        }
      }),
    )
  })

  it('is known as precisely as one response allows, and more precisely after several', () => {
    const exchanges = [130, 370, 610, 850].map((pauseMs) => ({
      pauseMs: 10_000 + pauseMs,
      thereMs: 20,
      backMs: 20,
    }))
    const widths = learnFrom(exchanges, () => 7_777).map(({ clock }) => clock.aheadMaxMs - clock.aheadMinMs)
    for (const width of widths) expect(width).toBeLessThanOrEqual(1_040)
    expect(widths.at(-1)).toBeLessThan(500)
  })

  it('is learned again after it has been set', () => {
    const exchanges = Array.from({ length: 4 }, () => ({ pauseMs: 60_000, thereMs: 50, backMs: 50 }))
    const setAtMs = startMs + 150_000
    const last = learnFrom(exchanges, (atMs) => (atMs < setAtMs ? 0 : 3_600_000)).at(-1)
    expect(last?.clock.aheadMinMs).toBeGreaterThan(3_598_000)
    expect(last?.clock.aheadMaxMs).toBeLessThan(3_602_000)
  })

  it('is not changed by one absurd response, regardless of earlier responses', () => {
    fc.assert(
      fc.property(fc.integer({ min: -360 * dayMs, max: 360 * dayMs }), fc.boolean(), (absurdMs, isFirst) => {
        fc.pre(Math.abs(absurdMs) > 2 * dayMs)
        const exchanges = Array.from({ length: 4 }, () => ({ pauseMs: 60_000, thereMs: 50, backMs: 50 }))
        const answerAtMs = startMs + (isFirst ? 60_050 : 180_250)
        const steps = learnFrom(exchanges, (atMs) => (atMs === answerAtMs ? absurdMs : 0))
        for (const { clock } of steps) {
          expect(clock.aheadMinMs).toBeLessThanOrEqual(0)
          expect(clock.aheadMaxMs).toBeGreaterThanOrEqual(0)
        }
        expect(steps.some(({ clock }) => clock.contradiction !== undefined)).toBe(true)
        expect(steps.at(-1)?.clock.contradiction).toBeUndefined()
      }),
    )
  })

  it('is presumed to agree with ours only until the first response', () => {
    const presumed = unknownServerClock(startMs)
    expect(presumed).toMatchObject({ aheadMinMs: -1_000, aheadMaxMs: 1_000, presumed: true })
    const learned = learnServerClock(presumed, {
      dateMs: startMs + 1_000,
      sentAtMs: startMs,
      answeredAtMs: startMs + 500,
    })
    expect(learned).toEqual({ aheadMinMs: 500, aheadMaxMs: 2_000, learnedAtMs: startMs + 500 })
  })
})
