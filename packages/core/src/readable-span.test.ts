import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type OrgState, orgState } from './org-state.ts'
import { nextHeadAtMs, readableSpan } from './readable-span.ts'
import { defaultTerms as terms } from './terms.ts'

const nowMs = Date.UTC(2026, 8, 24, 12)
const { settleMs, retentionMs } = terms.stream

function org(aheadMinMs: number, aheadMaxMs: number, marginMs = 0): OrgState {
  const progress = { originSec: 0, coverage: [], auditedToSec: 0, deepAtSec: 0, doubts: [] }
  return { ...orgState(progress, nowMs), server: { aheadMinMs, aheadMaxMs, learnedAtMs: nowMs }, marginMs }
}

const server = fc
  .record({
    aheadMinMs: fc.integer({ min: -1_000_000, max: 1_000_000 }),
    widthMs: fc.nat({ max: 60_000 }),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
    travelMs: fc.nat({ max: 1_000 }),
    marginMs: fc.double({ min: 0, max: 120_000, noNaN: true }),
  })
  .map(({ aheadMinMs, widthMs, part, travelMs, marginMs }) => ({
    state: org(aheadMinMs, aheadMinMs + widthMs, marginMs),
    /** The time of the server when the request arrives: any time in the interval. */
    serverMs: nowMs + aheadMinMs + part * widthMs + travelMs,
  }))

describe('the readable span', () => {
  it('is accepted by the server for any clock within the known bounds', () => {
    fc.assert(
      fc.property(server, ({ state, serverMs }) => {
        const { fromSec, toSec } = readableSpan(state, terms, nowMs)
        expect(fromSec * 1_000).toBeGreaterThanOrEqual(serverMs - retentionMs)
        expect(toSec * 1_000).toBeLessThanOrEqual(serverMs - settleMs)
      }),
    )
  })

  it('omits no more seconds than necessary', () => {
    expect(readableSpan(org(0, 0), terms, nowMs)).toEqual({
      fromSec: (nowMs - retentionMs) / 1_000 + 1,
      toSec: (nowMs - settleMs) / 1_000,
    })
  })

  it('keeps a margin at both ends', () => {
    const { fromSec, toSec } = readableSpan(org(0, 0), terms, nowMs)
    expect(readableSpan(org(0, 0, 2_000), terms, nowMs)).toEqual({ fromSec: fromSec + 2, toSec: toSec - 2 })
  })

  it('has one more second at the head when predicted', () => {
    fc.assert(
      fc.property(server, ({ state }) => {
        const { toSec } = readableSpan(state, terms, nowMs)
        const atMs = nextHeadAtMs(state, terms, nowMs)
        // To the microsecond, because margins are fractions.
        expect(readableSpan(state, terms, atMs + 0.001).toSec).toBe(toSec + 1)
        expect(readableSpan(state, terms, atMs - 0.001).toSec).toBe(toSec)
      }),
    )
  })
})
