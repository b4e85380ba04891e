import { unreadSpans } from './coverage.ts'
import { isExpiring, type PlannedWindow, type PlanView, plannedWindow } from './plan-view.ts'
import type { Span } from './span.ts'
import { isPassed, isSetAside, nextPart, type UnservedSpan } from './unserved.ts'

/** One in this many initial requests may go to a failing second that was found and does not expire soon. */
const retryShare = 10

/**
 * Returns the next window of the search for seconds that the API cannot serve: unread spans first, starting
 * with those that expire soon, then the longest. This searches several spots in parallel. Single seconds
 * that the search has found are retried occasionally.
 */
export function planUnserved(view: PlanView): PlannedWindow | undefined {
  const { readable, headSec, unserved, nowMs, state } = view
  const mayRetry = state.sinceUnserved >= retryShare - 1
  const inReach = (span: Span) => ({
    fromSec: Math.max(span.fromSec, readable.fromSec),
    toSec: Math.min(span.toSec, headSec),
  })
  const due = unserved
    .filter((span) => isSetAside(span) && span.notBeforeMs <= nowMs)
    .filter((span) => mayRetry || !isSingle(span) || isExpiring(view, span))
    .map((span) => ({
      part: inReach(nextPart(span)),
      hasFailed: lengthSec(span) === 1 && span.failures > 0,
      // Computed for the whole span, because an unread half may follow a half that was read before.
      isUnread: unreadSpans(state.progress.coverage, inReach(span)).length > 0,
    }))
    .filter(({ part: { fromSec, toSec } }) => fromSec < toSec)
    .toSorted((a, b) => lengthSec(b.part) - lengthSec(a.part))
  const unread = due.filter(({ isUnread }) => isUnread)
  const [oldest] = unread
    .filter(({ part }) => isExpiring(view, part))
    // A second that failed must not use up the time of the next second, which has not been tried.
    .toSorted((a, b) => Number(a.hasFailed) - Number(b.hasFailed) || a.part.fromSec - b.part.fromSec)
  const next = oldest ?? unread[0] ?? due[0]
  return next && plannedWindow(view, 'unserved', next.part)
}

function lengthSec({ fromSec, toSec }: Span): number {
  return toSec - fromSec
}

function isSingle(span: UnservedSpan): boolean {
  return isPassed(span) && lengthSec(span) === 1
}
