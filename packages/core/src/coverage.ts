import { assertDisjoint, type Span } from './span.ts'

/**
 * What is known about a second of insertion time; a second in no interval is unread. Ordered by knowledge:
 * - `gap`: unread, and no longer available from the stream
 * - `doubtful`: read, but the response was incomplete by its own count
 * - `read`: read; late records may still arrive
 * - `final`: read again shortly before it expired
 */
export type CoverageLevel = 'gap' | 'doubtful' | 'read' | 'final'

/** A span of seconds with the same level. */
export interface CoverageInterval extends Span {
  readonly level: CoverageLevel
}

/** Sorted and disjoint; adjacent intervals of the same level are merged. */
export type Coverage = readonly CoverageInterval[]

const order: readonly CoverageLevel[] = ['gap', 'doubtful', 'read', 'final']

/** Raises every second of the span to at least this level. Reading again never lowers a level. */
export function raiseCoverage(coverage: Coverage, span: Span, level: CoverageLevel): Coverage {
  const rank = order.indexOf(level)
  return changeCoverage(coverage, span, (known) =>
    known !== undefined && order.indexOf(known) >= rank ? known : level,
  )
}

/** Makes the whole span doubtful, including seconds that an audit had made final. */
export function doubtCoverage(coverage: Coverage, span: Span): Coverage {
  return changeCoverage(coverage, span, () => 'doubtful')
}

/** Makes the read seconds of the span doubtful. Unread seconds stay unread, because they may become a gap. */
export function doubtRead(coverage: Coverage, span: Span): Coverage {
  return spansAtLevel(coverage, 'read')
    .map(({ fromSec, toSec }) => ({
      fromSec: Math.max(fromSec, span.fromSec),
      toSec: Math.min(toSec, span.toSec),
    }))
    .reduce(doubtCoverage, coverage)
}

/** Turns the unread seconds of the span into a gap. */
export function recordGap(coverage: Coverage, span: Span): Coverage {
  return changeCoverage(coverage, span, (known) => known ?? 'gap')
}

/** Returns the unread spans in `within`, in order. */
export function unreadSpans(coverage: Coverage, within: Span): readonly Span[] {
  return piecesOf(coverage, within)
    .filter((piece) => piece.level === undefined)
    .map(({ fromSec, toSec }) => ({ fromSec, toSec }))
}

/** Returns the intervals of this level, in order. */
export function spansAtLevel(coverage: Coverage, level: CoverageLevel): readonly Span[] {
  return coverage
    .filter((interval) => interval.level === level)
    .map(({ fromSec, toSec }) => ({ fromSec, toSec }))
}

/** Returns the end of the newest span that was read, or the origin if none was. */
export function coverageEdgeSec(coverage: Coverage, originSec: number): number {
  return Math.max(originSec, coverage.findLast(({ level }) => level !== 'gap')?.toSec ?? originSec)
}

/** Returns the frontier: everything from the origin up to it was read or is a recorded gap. */
export function coverageFrontierSec(coverage: Coverage, originSec: number): number {
  let frontierSec = originSec
  for (const { fromSec, toSec } of coverage) {
    if (fromSec > frontierSec) break
    frontierSec = Math.max(frontierSec, toSec)
  }
  return frontierSec
}

interface Piece extends Span {
  readonly level: CoverageLevel | undefined
}

function changeCoverage(
  coverage: Coverage,
  span: Span,
  change: (known: CoverageLevel | undefined) => CoverageLevel,
): Coverage {
  if (span.fromSec >= span.toSec) return coverage
  const before = coverage
    .filter(({ fromSec }) => fromSec < span.fromSec)
    .map((interval) => ({ ...interval, toSec: Math.min(interval.toSec, span.fromSec) }))
  const after = coverage
    .filter(({ toSec }) => toSec > span.toSec)
    .map((interval) => ({ ...interval, fromSec: Math.max(interval.fromSec, span.toSec) }))
  const changed = piecesOf(coverage, span).map((piece) => ({ ...piece, level: change(piece.level) }))
  const merged = merge([...before, ...changed, ...after])
  assertDisjoint(merged, 'the coverage')
  return merged
}

/** Returns the span divided where its level changes, including the unread parts. */
function piecesOf(coverage: Coverage, span: Span): readonly Piece[] {
  const pieces: Piece[] = []
  let atSec = span.fromSec
  for (const interval of coverage) {
    const fromSec = Math.max(interval.fromSec, atSec)
    const toSec = Math.min(interval.toSec, span.toSec)
    if (fromSec >= toSec) continue
    if (fromSec > atSec) pieces.push({ fromSec: atSec, toSec: fromSec, level: undefined })
    pieces.push({ fromSec, toSec, level: interval.level })
    atSec = toSec
  }
  if (atSec < span.toSec) pieces.push({ fromSec: atSec, toSec: span.toSec, level: undefined })
  return pieces
}

function merge(intervals: readonly CoverageInterval[]): Coverage {
  const merged: CoverageInterval[] = []
  for (const interval of intervals) {
    const last = merged.at(-1)
    if (last?.level === interval.level && last.toSec === interval.fromSec) {
      merged[merged.length - 1] = { ...last, toSec: interval.toSec }
    } else {
      merged.push(interval)
    }
  }
  return merged
}
