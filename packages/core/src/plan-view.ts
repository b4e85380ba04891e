import { type Coverage, coverageEdgeSec, unreadSpans } from './coverage.ts'
import { withLearned } from './learned-terms.ts'
import { type OrgState, type Purpose, unservedOf } from './org-state.ts'
import { readableSpan } from './readable-span.ts'
import { type Span, subtractSpan } from './span.ts'
import { deriveSchedule, type Schedule, type Terms } from './terms.ts'
import { isSetAside, limitToServable, type Unserved } from './unserved.ts'

/** A window to request, and why. */
export interface PlannedWindow {
  readonly purpose: Purpose
  readonly window: Span
  /** Whether this is a head window with the deep look-back. */
  readonly deep: boolean
}

/** The facts on which planning is based. */
export interface PlanView {
  readonly state: OrgState
  readonly terms: Terms
  readonly schedule: Schedule
  readonly nowMs: number
  readonly readable: Span
  readonly headSec: number
  readonly edgeSec: number
  /** The unread spans that are not set aside, oldest first. */
  readonly unread: readonly Span[]
  readonly unserved: Unserved
  readonly maxWindowSec: number
  readonly longestSec: number
  /** The head was read recently, so there is time for the past. */
  readonly headServed: boolean
}

/** Returns the facts on which planning is based, with learned terms applied. */
export function planView(state: OrgState, configured: Terms, nowMs: number): PlanView {
  const { progress } = state
  const terms = withLearned(configured, progress.learned)
  const schedule = deriveSchedule(terms, state.orgsOfCredential)
  const readable = readableSpan(state, terms, nowMs)
  const headSec = readable.toSec
  const edgeSec = coverageEdgeSec(progress.coverage, progress.originSec)
  const maxWindowSec = Math.floor(terms.stream.maxWindowMs / 1_000)
  const unserved = unservedOf(state)
  const within = { fromSec: Math.max(progress.originSec, readable.fromSec), toSec: headSec }
  return {
    state,
    terms,
    schedule,
    nowMs,
    readable,
    headSec,
    edgeSec,
    unread: unserved
      .filter(isSetAside)
      .reduce(subtractSpan, unreadSpans(withoutFalseGaps(progress.coverage, readable, schedule), within)),
    unserved,
    maxWindowSec,
    longestSec: Math.min(maxWindowSec, state.windowLimit?.lengthSec ?? maxWindowSec),
    headServed: state.previous === 'head' && (headSec - edgeSec) * 1_000 <= schedule.freshMs,
  }
}

/**
 * Returns the coverage without gaps that are not old enough: a clock that was temporarily wrong made their
 * seconds look expired, although they can still be read.
 */
function withoutFalseGaps(coverage: Coverage, { fromSec }: Span, { perMs }: Schedule): Coverage {
  // The clock estimate changes slightly all the time.
  const certainSec = fromSec + Math.ceil((certainIntervals * perMs) / 1_000)
  return coverage.flatMap((interval) => {
    if (interval.level !== 'gap') return [interval]
    return interval.fromSec < certainSec ? [{ ...interval, toSec: Math.min(interval.toSec, certainSec) }] : []
  })
}

/**
 * A gap that begins more than this after the oldest readable second cannot have expired, so it is read. As a
 * multiple of the time between two initial requests.
 */
const certainIntervals = 5

/** Returns the window to request: no longer than allowed, and without spans that are set aside. */
export function plannedWindow(view: PlanView, purpose: Purpose, span: Span, deep = false): PlannedWindow {
  const { fromSec } = span
  const toSec = Math.min(span.toSec, fromSec + view.longestSec, view.headSec)
  return { purpose, window: limitToServable(view.unserved, { fromSec, toSec }), deep }
}

/** Returns whether an unread span is far enough behind the head to be backlog. */
export function hasBacklog(view: PlanView): boolean {
  const [oldest] = view.unread
  return oldest !== undefined && isBacklog(view, oldest)
}

/** Returns whether the span begins far enough behind the head to be backlog. */
export function isBacklog({ headSec, schedule }: PlanView, { fromSec }: Span): boolean {
  return (headSec - fromSec) * 1_000 > schedule.backlogMs
}

/** Returns whether the span begins to expire soon. */
export function isExpiring({ readable, schedule }: PlanView, { fromSec }: Span): boolean {
  return (fromSec - readable.fromSec) * 1_000 < schedule.expiringMs
}
