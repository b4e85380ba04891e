import type { OrgState, Purpose } from './org-state.ts'
import { planHead } from './plan-head.ts'
import { planUnserved } from './plan-unserved.ts'
import {
  hasBacklog,
  isBacklog,
  isExpiring,
  type PlannedWindow,
  type PlanView,
  plannedWindow,
  planView,
} from './plan-view.ts'
import { type Span, subtractSpan } from './span.ts'
import type { Terms } from './terms.ts'
import { isSetAside } from './unserved.ts'

/** A backlog of more initial requests than this lets the head through now and then. */
const longBacklog = 10
/**
 * During a long backlog, and during a search for what the API cannot serve and expires soon, one initial
 * request in this many goes to the head; during another search, one in `searchHeadShare`; whatever else there
 * is, one in `leastShare`.
 */
const headShare = 5
const searchHeadShare = 3
const leastShare = 10
/**
 * One initial request in this many goes to a span that the API failed to serve, and more of them when it
 * expires soon.
 */
const unservedShare = 3
const expiringUnservedShare = 2

/**
 * Returns what the next initial request is best spent on: what has waited for its guaranteed share, or else
 * the first line that applies. Undefined: there is nothing new that could be read. Backfill and repair will
 * have their place before the head.
 */
export function planWindow(state: OrgState, terms: Terms, nowMs: number): PlannedWindow | undefined {
  const view = planView(state, terms, nowMs)
  return (
    planShare(view) ??
    planExpiring(view) ??
    planExpiringUnserved(view) ??
    planBacklog(view) ??
    (view.headServed ? planPast(view) : planLateAudit(view)) ??
    planUnserved(view) ??
    planHead(view)
  )
}

/**
 * Nothing may keep the head, the past or what failed from being read: each has a share. After two failures in
 * a row the head is next, which also shows whether the API serves anything at all: a third failure would say
 * nothing about its window.
 */
function planShare(view: PlanView): PlannedWindow | undefined {
  const { previous, failures, sinceHead, sincePast, sinceUnserved } = view.state
  const expiring = planExpiringUnserved(view)
  const searchShare = expiring === undefined ? searchHeadShare : headShare
  const headsTurn =
    sinceHead >= leastShare - 1 ||
    (sinceHead >= headShare - 1 && hasLongBacklog(view)) ||
    (failures > 1 && previous !== 'head') ||
    (sinceHead >= searchShare - 1 && previous === 'unserved')
  return (
    (headsTurn ? planHead(view) : undefined) ??
    (sinceUnserved >= expiringUnservedShare - 1 ? expiring : undefined) ??
    (sincePast >= leastShare - 1 ? planPast(view) : undefined) ??
    (sinceUnserved >= unservedShare - 1 ? planUnserved(view) : undefined)
  )
}

function planExpiringUnserved(view: PlanView): PlannedWindow | undefined {
  const planned = planUnserved(view)
  return planned !== undefined && isExpiring(view, planned.window) ? planned : undefined
}

function planExpiring(view: PlanView): PlannedWindow | undefined {
  const oldest = view.unread[0]
  return oldest !== undefined && isExpiring(view, oldest) ? planUnread(view, oldest, 'expiring') : undefined
}

/**
 * What reads most comes first, and of what reads the same the oldest. So the small remains around a spot that
 * the API cannot serve do not hold up everything else.
 */
function planBacklog(view: PlanView): PlannedWindow | undefined {
  const servedSec = ({ fromSec, toSec }: Span) => Math.min(toSec - fromSec, view.longestSec)
  const [most] = view.unread
    .filter((span) => isBacklog(view, span))
    .toSorted((a, b) => servedSec(b) - servedSec(a))
  return most && planUnread(view, most, 'backlog')
}

/** Beside what expires soon, the head has to do with its least share. */
function hasLongBacklog(view: PlanView): boolean {
  const [oldest] = view.unread
  if (oldest === undefined || isExpiring(view, oldest)) return false
  return hasBacklog(view) && initialsNeeded(view) > longBacklog
}

/**
 * From the oldest unread second to the last one that the same window reaches: no page is spent on what is
 * read behind it.
 */
function planUnread(view: PlanView, oldest: Span, purpose: Purpose): PlannedWindow {
  const reachSec = oldest.fromSec + view.longestSec
  const last = view.unread.findLast((span) => span.fromSec < reachSec) ?? oldest
  const planned = plannedWindow(view, purpose, { fromSec: oldest.fromSec, toSec: last.toSec })
  // A window that reaches the head serves it as well.
  return planned.window.toSec === view.headSec ? { ...planned, purpose: 'head' } : planned
}

function initialsNeeded(view: PlanView): number {
  const { terms, state, unread } = view
  const unreadSec = unread.reduce((sum, span) => sum + span.toSec - span.fromSec, 0)
  const recordsPerInitial = terms.pageSize * (1 + terms.pageRequests.count)
  return Math.max(unreadSec / view.longestSec, (unreadSec * (state.recordsPerSec ?? 0)) / recordsPerInitial)
}

/** Returns the audit that is due, or else the next doubtful span. */
function planPast(view: PlanView): PlannedWindow | undefined {
  return planAudit(view) ?? planDoubt(view)
}

export function planAudit(view: PlanView): PlannedWindow | undefined {
  const { state, readable, unserved } = view
  // What is set aside is read in its own turn; an audit that waited for it would come too late for all that
  // follows.
  const fromSec = unserved
    .filter(isSetAside)
    .reduce(
      (atSec, span) => (span.fromSec <= atSec ? Math.max(atSec, span.toSec) : atSec),
      Math.max(state.progress.auditedToSec, readable.fromSec),
    )
  const toSec = fromSec + view.maxWindowSec
  const endAgeMs = (view.headSec - toSec) * 1_000 + view.terms.stream.settleMs
  return endAgeMs < view.schedule.auditDueMs ? undefined : plannedWindow(view, 'audit', { fromSec, toSec })
}

/** An audit that uses up its slack does not wait for a fresh head: it takes turns with it. */
function planLateAudit(view: PlanView): PlannedWindow | undefined {
  if (view.state.previous !== 'head') return undefined
  const planned = planAudit(view)
  if (planned === undefined) return undefined
  const leftMs = (planned.window.fromSec - view.readable.fromSec) * 1_000
  return leftMs < lateSlack * view.schedule.auditSlackMs ? planned : undefined
}

/** An audit is late when less than this part of its slack is left. */
const lateSlack = 0.8

function planDoubt(view: PlanView): PlannedWindow | undefined {
  const { readable, headSec, unserved, state } = view
  const doubts = unserved
    .filter(isSetAside)
    .reduce(subtractSpan, state.progress.doubts)
    .find(({ fromSec, toSec }) => toSec > readable.fromSec && fromSec < headSec)
  if (doubts === undefined) return undefined
  const fromSec = Math.max(doubts.fromSec, readable.fromSec)
  return plannedWindow(view, 'doubt', { fromSec, toSec: doubts.toSec })
}
