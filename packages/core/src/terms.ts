/**
 * The API terms. They are configuration, because Cisco has changed them before; the whole schedule derives
 * from them.
 */
export interface Terms {
  /** The maximum number of records on a page. */
  readonly pageSize: number
  readonly initialRequests: RateTerm
  readonly pageRequests: RateTerm
  readonly stream: StreamTerms
}

/** At most `count` requests in any period of `perMs`. */
export interface RateTerm {
  readonly count: number
  readonly perMs: number
}

/** The record stream's limits, in milliseconds. */
export interface StreamTerms {
  /** How old a second must be before it can be requested. */
  readonly settleMs: number
  /** How long a record remains available. */
  readonly retentionMs: number
  /** The longest window of one request. */
  readonly maxWindowMs: number
}

/** The terms that Cisco documents (Live Stream Detailed Call History, 2025-12). */
export const defaultTerms: Terms = {
  pageSize: 5_000,
  initialRequests: { count: 1, perMs: 60_000 },
  pageRequests: { count: 10, perMs: 60_000 },
  stream: { settleMs: 60_000, retentionMs: 12 * 3_600_000, maxWindowMs: 2 * 3_600_000 },
}

/** The durations that the schedule works with, all derived from the terms. */
export interface Schedule {
  /** The time between two initial requests of an org. */
  readonly perMs: number
  /** Unread seconds this far behind the head are backlog. */
  readonly backlogMs: number
  /** The head is fresh while the edge is no further behind than this. */
  readonly freshMs: number
  readonly lookBackMinMs: number
  readonly lookBackMaxMs: number
  /** The time between two deep look-backs. */
  readonly deepEveryMs: number
  /** An unread second that expires sooner than this takes precedence over everything else. */
  readonly expiringMs: number
  /** An audit window is due at the latest this long before its first second expires. */
  readonly auditSlackMs: number
  /** An audit window is due when its end is this old. */
  readonly auditDueMs: number
  /** How far back the very first window can reach. */
  readonly firstReachMs: number
}

/** Returns the schedule for these terms. `orgsOfCredential`: how many orgs take turns with the credential. */
export function deriveSchedule(terms: Terms, orgsOfCredential = 1): Schedule {
  const { retentionMs, maxWindowMs } = terms.stream
  const perMs = (terms.initialRequests.perMs / terms.initialRequests.count) * orgsOfCredential
  const lookBackMinMs = 2 * perMs
  const auditSlackMs = Math.max(Math.min(10 * perMs, retentionMs / 10), 4 * perMs)
  return {
    perMs,
    backlogMs: 3 * perMs,
    freshMs: 2 * perMs,
    lookBackMinMs,
    lookBackMaxMs: Math.max(lookBackMinMs, maxWindowMs - 5 * perMs),
    deepEveryMs: 30 * perMs,
    expiringMs: Math.max(Math.min(30 * perMs, retentionMs / 4), 5 * perMs),
    auditSlackMs,
    auditDueMs: retentionMs - maxWindowMs - auditSlackMs,
    firstReachMs: retentionMs - 2 * perMs,
  }
}
