import { recordGap } from './coverage.ts'
import type { Progress } from './progress.ts'
import { type ServerClock, unknownServerClock } from './server-clock.ts'
import type { Span } from './span.ts'
import { deriveSchedule, type Terms } from './terms.ts'
import type { Unserved } from './unserved.ts'
import type { WindowLimit } from './window-limit.ts'

/** Why a window is requested, in order of urgency. */
export type Purpose = 'expiring' | 'backlog' | 'audit' | 'doubt' | 'unserved' | 'head'

/**
 * Everything that determines the next request for an org: the durable progress, and state that may be lost in
 * a crash.
 */
export interface OrgState {
  readonly progress: Progress
  /** How many orgs take turns with the credential: 1 if the org has a credential of its own. */
  readonly orgsOfCredential: number
  readonly server: ServerClock
  /** The window that is being read. */
  readonly reading: Reading | null
  /** The purpose of the last initial request. */
  readonly previous: Purpose | null
  /** The number of consecutive initial requests that were not for the head. */
  readonly sinceHead: number
  /** The same for audits and doubtful spans. */
  readonly sincePast: number
  /** The same for spans that the API failed to serve. */
  readonly sinceUnserved: number
  /**
   * Failing spans since the last page, including the spans in the progress; dropped with the next page. Null
   * if nothing has failed since.
   */
  readonly outage: Unserved | null
  /** Windows that were resumed before their last page and are not known to be complete or incomplete yet. */
  readonly chains: readonly Chain[]
  /** The longest window and the oldest start, relative to the head, that the API has accepted. */
  readonly accepted: { readonly lengthSec: number; readonly ageSec: number }
  /** How many consecutive windows that began earlier than any accepted one were refused. */
  readonly ageRefusals: number
  /** The last head window was abandoned before its end. */
  readonly headCutShort: boolean
  /** The last window that was read to its end and had items; null if there is none yet. */
  readonly hadItems: Span | null
  /** The rate of records, estimated from the last windows; null if unknown. */
  readonly recordsPerSec: number | null
  /** The current limit on window length; null if windows are as long as the terms allow. */
  readonly windowLimit: WindowLimit | null
  /**
   * The distance to both ends of the readable span, kept since the server refused a window. At the old end,
   * at most as much as clocks may differ.
   */
  readonly marginMs: number
  /** The number of consecutive failures and refusals. */
  readonly failures: number
  /** No request is sent before this time. */
  readonly waitUntilMs: number
}

/** A window between its initial request and its last page. */
export interface Reading {
  readonly purpose: Purpose
  readonly window: Span
  /** The query of the next page; null until the initial request is answered. */
  readonly link: string | null
  /** The window was read up to here: a new initial request would start here. */
  readonly readToSec: number
  /** The number of pages so far. */
  readonly pages: number
  /** The number of items so far; items of a repeated boundary second count once. */
  readonly items: number
  /** The number of items on the first page that were also in the previous window. */
  readonly overlap: number
  /** The largest `totalCount` seen. */
  readonly totalCount: number | null
}

/** A window whose pages ended early and that later windows continue. */
export interface Chain {
  readonly purpose: Purpose
  readonly window: Span
  /** A window that starts here continues this one. */
  readonly readToSec: number
  /** The number of items in all parts. */
  readonly items: number
  readonly totalCount: number
}

/** Returns the state of an org when a collector starts. */
export function orgState(progress: Progress, nowMs: number, orgsOfCredential = 1): OrgState {
  return {
    progress,
    orgsOfCredential,
    server: unknownServerClock(nowMs),
    reading: null,
    previous: null,
    sinceHead: 0,
    sincePast: 0,
    // An unfinished search gets its turn early, so that frequent restarts do not starve it.
    sinceUnserved: 3,
    outage: null,
    chains: [],
    accepted: { lengthSec: 0, ageSec: 0 },
    ageRefusals: 0,
    headCutShort: false,
    hadItems: null,
    recordsPerSec: null,
    windowLimit: null,
    marginMs: 0,
    failures: 0,
    waitUntilMs: 0,
  }
}

/**
 * Returns the progress of an org that is collected for the first time, from `reachMs` ago by our clock.
 * Anything that the stream no longer has is a gap from the start. `correctOrigin` corrects the start by the
 * server's clock.
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

/** Returns the spans whose windows failed, as planning must treat them now. */
export function unservedOf({ outage, progress }: OrgState): Unserved {
  return outage ?? progress.unserved ?? []
}

/** Returns the state after the window's reading has stopped. */
export function abandonReading(state: OrgState): OrgState {
  const { reading } = state
  if (reading === null) return state
  return {
    ...state,
    reading: null,
    headCutShort: reading.purpose === 'head' ? true : state.headCutShort,
    chains: keepChain(state.chains, reading),
  }
}

/** How many unfinished windows are remembered: one for the past, one for the head, and some to spare. */
const maxChains = 4

function keepChain(chains: readonly Chain[], reading: Reading): readonly Chain[] {
  const { purpose, window, readToSec, items, overlap, totalCount } = reading
  if (readToSec <= window.fromSec) return chains
  const before = chains.find((chain) => chain.readToSec === window.fromSec)
  const others = chains.filter((chain) => chain !== before)
  if (before !== undefined)
    return [...others, { ...before, readToSec, items: before.items + items - overlap }]
  if (totalCount === null) return chains
  return [...others, { purpose, window, readToSec, items, totalCount }].slice(-maxChains)
}
