import { deriveSchedule, type Terms } from '@cdrstream/core'
import type { AmountLeft } from '@cdrstream/journal-sqlite'
import type { CatchUpStatus } from './status.ts'

/** A speed that was measured over a shorter time says little: an org sends a request a minute. */
const shortestMs = { org: 90_000, sink: 5_000 }

/**
 * Returns when a sink will have caught up, from the speed of the last minutes. `before`: what was left some
 * minutes ago.
 */
export function sinkCatchUp(before: AmountLeft | null, left: number, nowMs: number): CatchUpStatus {
  const perSecond = speed(before, left, nowMs, shortestMs.sink)
  return { left, perSecond, etaSeconds: perSecond === null ? null : eta(left, perSecond) }
}

export interface OrgMeasure {
  /** What was left some minutes ago. */
  readonly before: AmountLeft | null
  readonly unreadSeconds: number
  readonly terms: Terms
  /** How many orgs share the rate limit of its credential. */
  readonly orgsOfCredential: number
  readonly nowMs: number
}

/**
 * Returns when an org will have caught up: not before the rate limit allows the requests that it takes, and
 * from the speed of the last minutes once that is known.
 */
export function orgCatchUp(measure: OrgMeasure): CatchUpStatus {
  const { before, unreadSeconds, terms, orgsOfCredential, nowMs } = measure
  const { perMs, backlogMs } = deriveSchedule(terms, orgsOfCredential)
  // The newest seconds are always unread.
  const left = Math.max(0, unreadSeconds - Math.round(backlogMs / 1_000))
  const requests = Math.ceil((left * 1_000) / terms.stream.maxWindowMs)
  const leastSeconds = Math.ceil((requests * perMs) / 1_000)
  const perSecond = speed(before, unreadSeconds, nowMs, Math.min(shortestMs.org, 2 * perMs))
  const measured = perSecond === null ? leastSeconds : eta(left, perSecond)
  return { left, perSecond, etaSeconds: measured === null ? null : Math.max(measured, leastSeconds) }
}

function speed(before: AmountLeft | null, left: number, nowMs: number, leastMs: number): number | null {
  if (before === null || nowMs - before.atMs < leastMs) return null
  return Math.round(((before.amount - left) / (nowMs - before.atMs)) * 100_000) / 100
}

/** Returns null if it is not getting less. */
function eta(left: number, perSecond: number): number | null {
  return perSecond <= 0 ? null : Math.ceil(left / perSecond)
}
