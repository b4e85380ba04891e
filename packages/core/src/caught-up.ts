import { unreadSpans } from './coverage.ts'
import type { OrgState } from './org-state.ts'
import { hasBacklog, planView } from './plan-view.ts'
import { planAudit } from './plan-window.ts'
import { subtractSpan } from './span.ts'
import type { Terms } from './terms.ts'
import { isPassed, isSetAside } from './unserved.ts'

/**
 * Returns whether nothing remains to be done up to this second: everything that the API serves was read, the
 * seconds it does not serve were found, no audit is due, and each doubtful span was read again.
 */
export function isCaughtUp(state: OrgState, goalSec: number, terms: Terms, nowMs: number): boolean {
  const view = planView(state, terms, nowMs)
  const { progress } = state
  const { readable, unserved } = view
  const within = { fromSec: Math.max(progress.originSec, readable.fromSec), toSec: goalSec }
  if (within.fromSec >= within.toSec) return true
  const aside = unserved.filter(isSetAside)
  const open = aside.filter(
    (span) => !isPassed(span) && span.fromSec < goalSec && span.toSec > within.fromSec,
  )
  if (open.length > 0) return false
  if (aside.reduce(subtractSpan, unreadSpans(progress.coverage, within)).length > 0) return false
  const doubts = aside
    .reduce(subtractSpan, progress.doubts)
    .filter(({ toSec }) => toSec > readable.fromSec && toSec <= goalSec)
  return doubts.length === 0 && planAudit(view) === undefined
}

/** Returns whether the API serves seconds that have been readable for a long time but are still unread. */
export function isCatchingUp(state: OrgState, terms: Terms, nowMs: number): boolean {
  return hasBacklog(planView(state, terms, nowMs))
}
