import { type Progress, type Span, type Terms, unreadSpans } from '@cdrstream/core'

/** Returns the second before which the stream no longer has records, as seconds since 1970. */
export function expiredBeforeSec({ stream }: Terms, nowMs: number): number {
  return Math.ceil((nowMs - stream.retentionMs) / 1_000)
}

/** Returns the spans of insertion time that are readable but still unread, oldest first. */
export function unreadNow({ coverage, originSec }: Progress, terms: Terms, nowMs: number): readonly Span[] {
  const fromSec = Math.max(originSec, expiredBeforeSec(terms, nowMs))
  const toSec = Math.floor((nowMs - terms.stream.settleMs) / 1_000)
  return fromSec < toSec ? unreadSpans(coverage, { fromSec, toSec }) : []
}

export function lengthSec(spans: readonly Span[]): number {
  return spans.reduce((sum, { fromSec, toSec }) => sum + toSec - fromSec, 0)
}
