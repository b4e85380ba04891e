import { unreadSpans } from './coverage.ts'
import { isExpiring, type PlannedWindow, type PlanView, plannedWindow } from './plan-view.ts'
import type { Span } from './span.ts'
import { isPassed, isSetAside, nextPart, type UnservedSpan } from './unserved.ts'

/** One initial request in this many may go to a second that was found, and that does not expire soon. */
const retryShare = 10

/**
 * Returns the next window of the search for seconds that the API cannot serve: where something is unread
 * first, what expires soon before the others, and then where most can be won. So several spots are searched
 * side by side. Single seconds that it has found are tried again now and then.
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
      // Of all of it: behind a half that was read before, the unread one is waiting.
      isUnread: unreadSpans(state.progress.coverage, inReach(span)).length > 0,
    }))
    .filter(({ part: { fromSec, toSec } }) => fromSec < toSec)
    .toSorted((a, b) => lengthSec(b.part) - lengthSec(a.part))
  const unread = due.filter(({ isUnread }) => isUnread)
  const [oldest] = unread
    .filter(({ part }) => isExpiring(view, part))
    // A second that failed before the next one was tried must not cost that one as well.
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
