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

/** A backlog that needs more initial requests than this leaves a share to the head. */
const longBacklog = 10
/**
 * The head gets one in this many initial requests: `headShare` during a long backlog, or during a search for
 * failing seconds that expire soon; `searchHeadShare` during any other search; `minShare` otherwise.
 */
const headShare = 5
const searchHeadShare = 3
const minShare = 10
/**
 * A span that the API failed to serve gets one in this many initial requests, and more when it expires soon.
 */
const unservedShare = 3
const expiringUnservedShare = 2

/**
 * Returns the best use of the next initial request: a purpose that has waited for its guaranteed share, or
 * else the first line that applies. Returns undefined if nothing new can be read. Backfill and repair will
 * come before the head.
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
 * Guarantees a share for the head, the past and failed spans. After two consecutive failures the head is
 * next, because it also shows whether the API serves anything: a third failure would prove nothing about its
 * window.
 */
function planShare(view: PlanView): PlannedWindow | undefined {
  const { previous, failures, sinceHead, sincePast, sinceUnserved } = view.state
  const expiring = planExpiringUnserved(view)
  const searchShare = expiring === undefined ? searchHeadShare : headShare
  const headsTurn =
    sinceHead >= minShare - 1 ||
    (sinceHead >= headShare - 1 && hasLongBacklog(view)) ||
    (failures > 1 && previous !== 'head') ||
    (sinceHead >= searchShare - 1 && previous === 'unserved')
  return (
    (headsTurn ? planHead(view) : undefined) ??
    (sinceUnserved >= expiringUnservedShare - 1 ? expiring : undefined) ??
    (sincePast >= minShare - 1 ? planPast(view) : undefined) ??
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
 * Plans the window that reads the most unread seconds, or the oldest of those that read the same number.
 * Small remainders around a spot that the API cannot serve thus do not hold up everything else.
 */
function planBacklog(view: PlanView): PlannedWindow | undefined {
  const servedSec = ({ fromSec, toSec }: Span) => Math.min(toSec - fromSec, view.longestSec)
  const [most] = view.unread
    .filter((span) => isBacklog(view, span))
    .toSorted((a, b) => servedSec(b) - servedSec(a))
  return most && planUnread(view, most, 'backlog')
}

/**
 * Returns whether the head gets its larger share. While something expires soon, the head gets only its
 * minimum share.
 */
function hasLongBacklog(view: PlanView): boolean {
  const [oldest] = view.unread
  if (oldest === undefined || isExpiring(view, oldest)) return false
  return hasBacklog(view) && initialsNeeded(view) > longBacklog
}

/**
 * Plans from the oldest unread second to the last one that the same window reaches, so that no page is spent
 * on later seconds that were already read.
 */
function planUnread(view: PlanView, oldest: Span, purpose: Purpose): PlannedWindow {
  const reachSec = oldest.fromSec + view.longestSec
  const last = view.unread.findLast((span) => span.fromSec < reachSec) ?? oldest
  const planned = plannedWindow(view, purpose, { fromSec: oldest.fromSec, toSec: last.toSec })
  // A window that reaches the head also counts as a head window.
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

/** Returns the audit window that is due, or undefined if none is. */
export function planAudit(view: PlanView): PlannedWindow | undefined {
  const { state, readable, unserved } = view
  // Spans that are set aside have their own turn. An audit that waited for them would be too late for
  // everything after them.
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

/**
 * Plans an audit that is using up its slack: it alternates with the head instead of waiting until the head is
 * fresh.
 */
function planLateAudit(view: PlanView): PlannedWindow | undefined {
  if (view.state.previous !== 'head') return undefined
  const planned = planAudit(view)
  if (planned === undefined) return undefined
  const leftMs = (planned.window.fromSec - view.readable.fromSec) * 1_000
  return leftMs < lateSlack * view.schedule.auditSlackMs ? planned : undefined
}

/** An audit is late when less than this fraction of its slack is left. */
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
