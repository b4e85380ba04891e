import { recordGap } from './coverage.ts'
import type { Progress } from './progress.ts'
import { type ServerClock, unknownServerClock } from './server-clock.ts'
import type { Span } from './span.ts'
import { deriveSchedule, type Terms } from './terms.ts'

/** Why a window is asked for, in the order of urgency. */
export type Purpose = 'expiring' | 'backlog' | 'audit' | 'doubt' | 'head'

/** All that decides what to ask next for an org: the durable progress, and what may be lost in a crash. */
export interface OrgState {
  readonly progress: Progress
  /** How many orgs take turns with the credential; 1 if it has its own. */
  readonly sharedBy: number
  readonly server: ServerClock
  /** The window that is being read. */
  readonly reading: Reading | null
  /** What the last initial request was for. */
  readonly previous: Purpose | null
  /** How many initial requests in a row were not for the head. */
  readonly sinceHead: number
  /** The last window of the head ended before its end was reached. */
  readonly headCutShort: boolean
  /** The last window that was read to its end and had items; null: none yet. */
  readonly hadItems: Span | null
  /** How fast records come in, by the last windows. */
  readonly recordsPerSec: number | null
  /** Windows are no longer than this since one failed for its size; null: as long as the terms allow. */
  readonly windowLimitSec: number | null
  /** Kept from both ends of what can be asked for, since the server refused a window. */
  readonly marginMs: number
  /** Failures and refusals in a row. */
  readonly failures: number
  /** Nothing is asked before this time. */
  readonly waitUntilMs: number
}

/** A window between its initial request and its last page. */
export interface Reading {
  readonly purpose: Purpose
  readonly window: Span
  /** The query of the next page; null while the answer to the initial request is awaited. */
  readonly link: string | null
  /** The window was read up to here: a new initial request would start here. */
  readonly readToSec: number
  /** Items so far, those of a repeated boundary second counted once. */
  readonly items: number
  /** The largest `totalCount` seen. */
  readonly totalCount: number | null
}

/** The state of an org when a collector starts. */
export function orgState(progress: Progress, nowMs: number, sharedBy = 1): OrgState {
  return {
    progress,
    sharedBy,
    server: unknownServerClock(nowMs),
    reading: null,
    previous: null,
    sinceHead: 0,
    headCutShort: false,
    hadItems: null,
    recordsPerSec: null,
    windowLimitSec: null,
    marginMs: 0,
    failures: 0,
    waitUntilMs: 0,
  }
}

/**
 * Returns the progress of an org that is collected for the first time, from `reachMs` ago by our clock. What the stream no longer has of
 * it is a gap from the start. `settleOrigin` corrects it by the server's clock.
 */
export function firstProgress(reachMs: number, terms: Terms, nowMs: number): Progress {
  const { aheadMaxMs } = unknownServerClock(nowMs)
  const { firstReachMs } = deriveSchedule(terms)
  const readableSec = Math.ceil((nowMs + aheadMaxMs - Math.min(reachMs, firstReachMs)) / 1_000)
  const beyondStream = reachMs > terms.stream.retentionMs
  const originSec = beyondStream ? Math.floor((nowMs - reachMs) / 1_000) : readableSec
  return {
    originSec,
    originPresumed: { reachMs },
    coverage: recordGap([], { fromSec: originSec, toSec: readableSec }),
    auditedToSec: readableSec,
    deepAtSec: 0,
    doubts: [],
  }
}

/** The window is not read any further. */
export function abandonReading(state: OrgState): OrgState {
  if (state.reading === null) return state
  return {
    ...state,
    reading: null,
    headCutShort: state.reading.purpose === 'head' ? true : state.headCutShort,
  }
}
