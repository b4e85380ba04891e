import { recordGap } from './coverage.ts'
import type { Progress } from './progress.ts'
import { type ServerClock, unknownServerClock } from './server-clock.ts'
import type { Span } from './span.ts'
import { deriveSchedule, type Terms } from './terms.ts'
import type { Unserved } from './unserved.ts'
import type { WindowLimit } from './window-limit.ts'

/** Why a window is requested, in the order of urgency. */
export type Purpose = 'expiring' | 'backlog' | 'audit' | 'doubt' | 'unserved' | 'head'

/** All that decides what to ask next for an org: the durable progress, and what may be lost in a crash. */
export interface OrgState {
  readonly progress: Progress
  /** How many orgs take turns with the credential; 1 if it has its own. */
  readonly orgsOfCredential: number
  readonly server: ServerClock
  /** The window that is being read. */
  readonly reading: Reading | null
  /** What the last initial request was for. */
  readonly previous: Purpose | null
  /** How many initial requests in a row were not for the head. */
  readonly sinceHead: number
  /** The same for audits and doubtful spans. */
  readonly sincePast: number
  /** The same for spans that the API failed to serve. */
  readonly sinceUnserved: number
  /**
   * Failing spans since the last page, with those of the progress: dropped with the next one. Null: there was
   * no failure since.
   */
  readonly outage: Unserved | null
  /** Windows that were resumed before their last page, until it can be told whether they were complete. */
  readonly chains: readonly Chain[]
  /** What the API has accepted: the longest window, and the oldest start, counted back from the head. */
  readonly accepted: { readonly lengthSec: number; readonly ageSec: number }
  /** How many windows in a row were refused that began earlier than any accepted one. */
  readonly ageRefusals: number
  /** The last window of the head ended before its end was reached. */
  readonly headCutShort: boolean
  /** The last window that was read to its end and had items; null: none yet. */
  readonly hadItems: Span | null
  /** How fast records come in, by the last windows. */
  readonly recordsPerSec: number | null
  /** Null: windows are as long as the terms allow. */
  readonly windowLimit: WindowLimit | null
  /**
   * Kept from both ends of what can be asked for, since the server refused a window. At the old end no more
   * than what clocks may differ by.
   */
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
  /** Pages so far. */
  readonly pages: number
  /** Items so far, those of a repeated boundary second counted once. */
  readonly items: number
  /** Items of the first page that the window before it had too. */
  readonly overlap: number
  /** The largest `totalCount` seen. */
  readonly totalCount: number | null
}

/** A window whose pages ended early, and that the windows after it go on with. */
export interface Chain {
  readonly purpose: Purpose
  readonly window: Span
  /** A window that starts here goes on with it. */
  readonly readToSec: number
  /** Of all its parts. */
  readonly items: number
  readonly totalCount: number
}

/** The state of an org when a collector starts. */
export function orgState(progress: Progress, nowMs: number, orgsOfCredential = 1): OrgState {
  return {
    progress,
    orgsOfCredential,
    server: unknownServerClock(nowMs),
    reading: null,
    previous: null,
    sinceHead: 0,
    sincePast: 0,
    // Where a search goes on, a process that restarts often does not forget it.
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
 * Returns the progress of an org that is collected for the first time, from `reachMs` ago by our clock. What
 * the stream no longer has of it is a gap from the start. `correctOrigin` corrects it by the server's clock.
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

/** Returns the spans that windows failed for, as the planning has to see them now. */
export function unservedOf({ outage, progress }: OrgState): Unserved {
  return outage ?? progress.unserved ?? []
}

/** Returns the state in which the window is not read any further. */
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

/** How many windows can wait for their rest: one of the past, one of the head, and some to spare. */
const mostChains = 4

function keepChain(chains: readonly Chain[], reading: Reading): readonly Chain[] {
  const { purpose, window, readToSec, items, overlap, totalCount } = reading
  if (readToSec <= window.fromSec) return chains
  const before = chains.find((chain) => chain.readToSec === window.fromSec)
  const others = chains.filter((chain) => chain !== before)
  if (before !== undefined)
    return [...others, { ...before, readToSec, items: before.items + items - overlap }]
  if (totalCount === null) return chains
  return [...others, { purpose, window, readToSec, items, totalCount }].slice(-mostChains)
}
