import { deriveSchedule, type Terms } from '@cdrstream/core'
import type { AmountLeft } from '@cdrstream/journal-sqlite'
import type { CatchUpStatus } from './status.ts'

/** Over a shorter time, the speed is unreliable, because an org sends one request per minute. */
const shortestMs = { org: 90_000, sink: 5_000 }

/**
 * Returns when a sink will have caught up, based on the speed over the last minutes. `before`: how much was
 * left several minutes ago.
 */
export function sinkCatchUp(before: AmountLeft | null, left: number, nowMs: number): CatchUpStatus {
  const perSecond = speed(before, left, nowMs, shortestMs.sink)
  return { left, perSecond, etaSeconds: perSecond === null ? null : eta(left, perSecond) }
}

export interface OrgMeasure {
  /** How much was left several minutes ago. */
  readonly before: AmountLeft | null
  readonly unreadSeconds: number
  readonly terms: Terms
  /** How many orgs share the credential's rate limit. */
  readonly orgsOfCredential: number
  readonly nowMs: number
}

/**
 * Returns when an org will have caught up, based on the speed over the last minutes once it is known, but
 * never earlier than the rate limit allows.
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

/** Returns null if the amount is not decreasing. */
function eta(left: number, perSecond: number): number | null {
  return perSecond <= 0 ? null : Math.ceil(left / perSecond)
}
