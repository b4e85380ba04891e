import { coverageEdgeSec, unreadSpans } from './coverage.ts'
import type { OrgState, Purpose } from './org-state.ts'
import { readableSpan } from './readable-span.ts'
import type { Span } from './span.ts'
import { deriveSchedule, type Schedule, type Terms } from './terms.ts'

export interface PlannedWindow {
  readonly purpose: Purpose
  readonly window: Span
  /** A window of the head with the deep look-back. */
  readonly deep: boolean
}

/** A backlog of more initial requests than this lets the head through now and then. */
const longBacklog = 10
/** One initial request in so many goes to the head during a long backlog. */
const headShare = 5

/**
 * What the next initial request is best spent on; the first line that applies wins. Undefined: there is nothing new that could be read.
 * Backfill and repair will have their place before the head.
 */
export function planWindow(state: OrgState, terms: Terms, nowMs: number): PlannedWindow | undefined {
  const view = viewOf(state, terms, nowMs)
  return planExpiring(view) ?? planBacklog(view) ?? planAudit(view) ?? planDoubt(view) ?? planHead(view)
}

interface View {
  readonly state: OrgState
  readonly terms: Terms
  readonly schedule: Schedule
  readonly readable: Span
  readonly headSec: number
  readonly edgeSec: number
  readonly unread: readonly Span[]
  readonly longestSec: number
  /** The head was read a moment ago: there is time for the past. */
  readonly headServed: boolean
}

function viewOf(state: OrgState, terms: Terms, nowMs: number): View {
  const { progress } = state
  const schedule = deriveSchedule(terms, state.sharedBy)
  const readable = readableSpan(state, terms, nowMs)
  const headSec = readable.toSec
  const edgeSec = coverageEdgeSec(progress.coverage, progress.originSec)
  const maxWindowSec = Math.floor(terms.stream.maxWindowMs / 1_000)
  return {
    state,
    terms,
    schedule,
    readable,
    headSec,
    edgeSec,
    unread: unreadSpans(progress.coverage, {
      fromSec: Math.max(progress.originSec, readable.fromSec),
      toSec: headSec,
    }),
    longestSec: Math.min(maxWindowSec, state.windowLimitSec ?? maxWindowSec),
    headServed: state.previous === 'head' && (headSec - edgeSec) * 1_000 <= schedule.freshMs,
  }
}

function planExpiring(view: View): PlannedWindow | undefined {
  const oldest = view.unread[0]
  if (oldest === undefined) return undefined
  const leftMs = (oldest.fromSec - view.readable.fromSec) * 1_000
  return leftMs < view.schedule.expiringMs ? planUnread(view, oldest, 'expiring') : undefined
}

function planBacklog(view: View): PlannedWindow | undefined {
  const oldest = view.unread[0]
  if (oldest === undefined) return undefined
  if (!hasBacklog(view)) return undefined
  const headsTurn = view.state.sinceHead >= headShare - 1 && initialsNeeded(view) > longBacklog
  return headsTurn ? undefined : planUnread(view, oldest, 'backlog')
}

function hasBacklog({ unread: [oldest], headSec, schedule }: View): boolean {
  return oldest !== undefined && (headSec - oldest.fromSec) * 1_000 > schedule.backlogMs
}

/** From the oldest unread second to the last one that the same window reaches: no page is spent on what is read behind it. */
function planUnread(view: View, oldest: Span, purpose: Purpose): PlannedWindow {
  const reachSec = oldest.fromSec + view.longestSec
  const last = view.unread.findLast((span) => span.fromSec < reachSec) ?? oldest
  const window = { fromSec: oldest.fromSec, toSec: Math.min(reachSec, last.toSec) }
  // A window that reaches the head serves it as well.
  return { purpose: window.toSec === view.headSec ? 'head' : purpose, window, deep: false }
}

function initialsNeeded(view: View): number {
  const { terms, state, unread } = view
  const unreadSec = unread.reduce((sum, span) => sum + span.toSec - span.fromSec, 0)
  const recordsPerInitial = terms.pageSize * (1 + terms.pageRequests.count)
  return Math.max(unreadSec / view.longestSec, (unreadSec * (state.recordsPerSec ?? 0)) / recordsPerInitial)
}

function planAudit(view: View): PlannedWindow | undefined {
  if (!view.headServed) return undefined
  const fromSec = Math.max(view.state.progress.auditedToSec, view.readable.fromSec)
  const endSec = fromSec + Math.floor(view.terms.stream.maxWindowMs / 1_000)
  const endAgeMs = (view.headSec - endSec) * 1_000 + view.terms.stream.settleMs
  if (endAgeMs < view.schedule.auditDueMs) return undefined
  return {
    purpose: 'audit',
    window: { fromSec, toSec: Math.min(endSec, fromSec + view.longestSec) },
    deep: false,
  }
}

function planDoubt(view: View): PlannedWindow | undefined {
  const { readable, headSec } = view
  const doubt = view.state.progress.doubts.find(
    ({ fromSec, toSec }) => toSec > readable.fromSec && fromSec < headSec,
  )
  if (!view.headServed || doubt === undefined) return undefined
  const fromSec = Math.max(doubt.fromSec, readable.fromSec)
  return {
    purpose: 'doubt',
    window: { fromSec, toSec: Math.min(doubt.toSec, fromSec + view.longestSec, headSec) },
    deep: false,
  }
}

function planHead(view: View): PlannedWindow | undefined {
  const { state, headSec, edgeSec } = view
  if (headSec <= edgeSec) return state.server.presumed ? planToLearnTime(view) : undefined
  const deep = (headSec - state.progress.deepAtSec) * 1_000 >= view.schedule.deepEveryMs
  const fromSec = Math.max(
    edgeSec - Math.floor(lookBackMs(view, deep) / 1_000),
    headSec - Math.floor(view.terms.stream.maxWindowMs / 1_000),
    hasBacklog(view) ? headSec - Math.ceil(readableAtOnceSec(view)) : 0,
    state.progress.originSec,
    view.readable.fromSec,
  )
  return {
    purpose: 'head',
    window: { fromSec, toSec: Math.min(headSec, fromSec + view.longestSec) },
    deep: deep && fromSec < edgeSec,
  }
}

/**
 * What the pages of one minute hold. During a long backlog the head begins no further back: else it would never come to the live
 * seconds. What it leaves out is backlog.
 */
function readableAtOnceSec({ state, terms }: View): number {
  const pages = 1 + terms.pageRequests.count
  return (pages * pageFill * terms.pageSize) / (state.recordsPerSec ?? 0)
}

/** Our clock says that there is nothing new, but it may be behind by days: whatever is answered tells the time. */
function planToLearnTime({ headSec, schedule }: View): PlannedWindow {
  const fromSec = headSec - Math.ceil(schedule.lookBackMinMs / 1_000)
  return { purpose: 'head', window: { fromSec, toSec: headSec }, deep: false }
}

/** Pages that the deep look-back takes, of the eleven that a minute has. */
const deepPages = 8
/** The rate is an estimate: a little too much would cost another page. */
const pageFill = 0.9

/** Late records come for free with what is left of the page that the new seconds need. */
function lookBackMs(view: View, deep: boolean): number {
  const { state, schedule, terms } = view
  // Progress first: a window that was cut short, or that is limited, has no room for what was read before.
  if (state.headCutShort || state.windowLimitSec !== null) return 0
  if (state.recordsPerSec === null) return schedule.lookBackMinMs
  const roomMs = (pages: number) =>
    (pages * pageFill * terms.pageSize * 1_000) / (state.recordsPerSec ?? 0) -
    (view.headSec - view.edgeSec) * 1_000
  const wantedMs = Math.max(roomMs(deep ? deepPages : 1), schedule.lookBackMinMs)
  return Math.max(0, Math.min(wantedMs, roomMs(1 + terms.pageRequests.count), schedule.lookBackMaxMs))
}
