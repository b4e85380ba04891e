import { type Mark, type MarkGap, mergeGaps } from '@cdrstream/plugin'
import { coverageFrontierSec, spansAtLevel } from '../coverage.ts'
import type { Progress } from '../progress.ts'
import type { Span } from '../span.ts'

/** Records accepted in `[fromMs, toMs]` that a sink does not have. */
export interface MissingSpan {
  /** Null for any org. */
  readonly org: string | null
  /** Null if unbounded. */
  readonly fromMs: number | null
  readonly toMs: number
  readonly reason: 'lost' | 'refused'
}

/** The facts from which a mark is computed. */
export interface MarkFacts {
  readonly org: string
  readonly progress: Progress
  /** Records accepted at or after this time are intended for the sink; null for all records. */
  readonly firstMs: number | null
  readonly missing: readonly MissingSpan[]
  /** The longest time between the insertion of a record and its acceptance. */
  readonly retentionMs: number
}

/**
 * Returns how far an org is complete in a sink that has everything in the journal, or undefined if no span is
 * complete. Records do not carry their insertion time, so a missing record makes a gap of every second in
 * which it may have been inserted.
 */
export function completeMark({ org, progress, firstMs, missing, retentionMs }: MarkFacts): Mark | undefined {
  const { coverage, originSec } = progress
  const completeThroughMs = coverageFrontierSec(coverage, originSec) * 1_000
  const fromMs = markStartMs(progress, firstMs)
  // The first response will correct an origin that is only presumed.
  if (progress.originPresumed !== undefined || fromMs >= completeThroughMs) return undefined
  const spans = (level: 'gap' | 'doubtful', reason: MarkGap['reason']) =>
    spansAtLevel(coverage, level).map((span) => ({ ...inMs(span), reason }))
  const missed = missing
    .filter((span) => span.org === null || span.org === org)
    .map(
      (span): MarkGap => ({
        fromMs: span.fromMs === null ? fromMs : span.fromMs - retentionMs,
        toMs: span.toMs,
        reason: span.reason === 'lost' ? 'not-delivered' : 'refused',
      }),
    )
  const gaps = [...spans('gap', 'not-collected'), ...spans('doubtful', 'doubtful'), ...missed]
    .map((gap) => ({
      ...gap,
      fromMs: Math.max(gap.fromMs, fromMs),
      toMs: Math.min(gap.toMs, completeThroughMs),
    }))
    .filter((gap) => gap.fromMs < gap.toMs)
  return { org, fromMs, completeThroughMs, gaps: mergeGaps(gaps) }
}

/**
 * Returns the mark of an org that has not been read yet, in a sink that lost its records: it covers one
 * second, and that second is a gap. A sink whose stored mark is further ahead extends the gap to the end of
 * that mark, because an earlier journal, since replaced by a copy, may have read more.
 */
export function lostMark({ org, progress, firstMs }: Pick<MarkFacts, 'org' | 'progress' | 'firstMs'>): Mark {
  const fromMs = markStartMs(progress, firstMs)
  const completeThroughMs = fromMs + 1_000
  return {
    org,
    fromMs,
    completeThroughMs,
    gaps: [{ fromMs, toMs: completeThroughMs, reason: 'not-delivered' }],
  }
}

function markStartMs({ originSec }: Progress, firstMs: number | null): number {
  return Math.max(originSec * 1_000, firstMs ?? 0)
}

function inMs({ fromSec, toSec }: Span): { readonly fromMs: number; readonly toMs: number } {
  return { fromMs: fromSec * 1_000, toMs: toSec * 1_000 }
}
