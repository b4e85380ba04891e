import { defaultTerms } from '@cdrstream/core'
import { describe, expect, it } from 'vitest'
import { orgCatchUp, sinkCatchUp } from './catch-up-status.ts'

const nowMs = 1_000_000_000
const hourSec = 3_600

function org(unreadSeconds: number, before: { agoSec: number; amount: number } | null, orgsOfCredential = 1) {
  const measured = before && { atMs: nowMs - before.agoSec * 1_000, amount: before.amount }
  return orgCatchUp({ before: measured, unreadSeconds, terms: defaultTerms, orgsOfCredential, nowMs })
}

describe('the ETA of a sink', () => {
  it('is based on the speed over the last minutes', () => {
    expect(sinkCatchUp({ atMs: nowMs - 100_000, amount: 3_000 }, 2_000, nowMs)).toEqual({
      left: 2_000,
      perSecond: 10,
      etaSeconds: 200,
    })
  })

  it('is unknown before the speed is measured, and while the remaining amount grows', () => {
    expect(sinkCatchUp(null, 2_000, nowMs).etaSeconds).toBeNull()
    expect(sinkCatchUp({ atMs: nowMs - 1_000, amount: 3_000 }, 2_000, nowMs).perSecond).toBeNull()
    expect(sinkCatchUp({ atMs: nowMs - 100_000, amount: 1_000 }, 2_000, nowMs)).toEqual({
      left: 2_000,
      perSecond: -10,
      etaSeconds: null,
    })
  })
})

describe('the ETA of an org', () => {
  it('is based on the rate limit before the speed is measured', () => {
    // Five windows of two hours, a minute apart.
    expect(org(9 * hourSec + 180, null)).toEqual({ left: 9 * hourSec, perSecond: null, etaSeconds: 300 })
  })

  it('is longer for orgs that share a rate limit', () => {
    expect(org(9 * hourSec + 1_800, null, 10).etaSeconds).toBe(3_000)
  })

  it('is based on the measured speed if that is slower', () => {
    // A quarter of an hour was read in five minutes.
    expect(org(hourSec + 180, { agoSec: 300, amount: hourSec + 180 + 900 })).toEqual({
      left: hourSec,
      perSecond: 3,
      etaSeconds: 1_200,
    })
  })

  it('is unknown if the unread amount does not decrease', () => {
    expect(org(hourSec, { agoSec: 300, amount: hourSec }).etaSeconds).toBeNull()
  })
})
