import { deriveSchedule, type Terms } from './terms.ts'

/**
 * The maximum window length after longer windows failed. Not durable: a new process tries the longest again.
 */
export interface WindowLimit {
  readonly lengthSec: number
  /** How many windows of this length must be served before a longer one is tried. */
  readonly waitFor: number
  /** The initial value of `waitFor`, which doubles each time a longer window is tried and fails. */
  readonly patience: number
}

interface Limited {
  readonly windowLimit: WindowLimit | null
}

const maxPatience = 16

/**
 * Returns the state with later windows limited to this length, but not to less than half of the previous
 * limit or the shortest length with which the head keeps up.
 */
export function limitWindows<State extends Limited>(state: State, lengthSec: number, terms: Terms): State {
  const { windowLimit: known } = state
  const knownSec = known?.lengthSec ?? Math.floor(terms.stream.maxWindowMs / 1_000)
  const limitSec = Math.max(shortestLimitSec(terms), lengthSec, Math.floor(knownSec / 2))
  if (limitSec >= knownSec) return state
  const patience = known?.waitFor === 0 ? Math.min(2 * known.patience, maxPatience) : (known?.patience ?? 1)
  return { ...state, windowLimit: { lengthSec: limitSec, waitFor: patience, patience } }
}

/**
 * Returns the limit after a window of this length was served: it doubles as long as windows of the allowed
 * length are served.
 */
export function widenLimit(limit: WindowLimit | null, servedSec: number, terms: Terms): WindowLimit | null {
  if (limit === null || servedSec < limit.lengthSec) return limit
  if (limit.waitFor > 1) return { ...limit, waitFor: limit.waitFor - 1 }
  const lengthSec = limit.lengthSec * 2
  if (lengthSec >= terms.stream.maxWindowMs / 1_000) return null
  return { lengthSec, waitFor: 0, patience: limit.waitFor === 0 ? 1 : limit.patience }
}

/** Returns the shortest window, in seconds, with which the head keeps up. */
export function shortestLimitSec(terms: Terms): number {
  return Math.max(1, Math.ceil(deriveSchedule(terms).perMs / 1_000))
}
