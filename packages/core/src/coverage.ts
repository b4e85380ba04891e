import { assertDisjoint, type Span } from './span.ts'

/**
 * What is known of a second of insertion time; a second in no interval is unread. In the order of knowledge:
 * - `gap`: unread, and the stream can no longer give it
 * - `doubtful`: read, but the answer was not complete by its own count
 * - `read`: read; late records may still come
 * - `final`: read again shortly before it expired
 */
export type CoverageLevel = 'gap' | 'doubtful' | 'read' | 'final'

/** A span of seconds that are known alike. */
export interface CoverageInterval extends Span {
  readonly level: CoverageLevel
}

/** Sorted, without overlap, neighbours of one level merged. */
export type Coverage = readonly CoverageInterval[]

const order: readonly CoverageLevel[] = ['gap', 'doubtful', 'read', 'final']

/** Raises every second of the span to at least this level: knowledge is never lost by reading again. */
export function raiseCoverage(coverage: Coverage, span: Span, level: CoverageLevel): Coverage {
  const rank = order.indexOf(level)
  return changeCoverage(coverage, span, (known) =>
    known !== undefined && order.indexOf(known) >= rank ? known : level,
  )
}

/** Takes a reading back: all of the span becomes doubtful, also what an audit had made final. */
export function doubtCoverage(coverage: Coverage, span: Span): Coverage {
  return changeCoverage(coverage, span, () => 'doubtful')
}

/** Makes doubtful what was read of the span. What is unread stays so: it may be a gap one day. */
export function doubtRead(coverage: Coverage, span: Span): Coverage {
  return spansAtLevel(coverage, 'read')
    .map(({ fromSec, toSec }) => ({
      fromSec: Math.max(fromSec, span.fromSec),
      toSec: Math.min(toSec, span.toSec),
    }))
    .reduce(doubtCoverage, coverage)
}

/** Turns what is unread in the span into a gap. */
export function recordGap(coverage: Coverage, span: Span): Coverage {
  return changeCoverage(coverage, span, (known) => known ?? 'gap')
}

/** The unread spans in `within`, in order. */
export function unreadSpans(coverage: Coverage, within: Span): readonly Span[] {
  return piecesOf(coverage, within)
    .filter((piece) => piece.level === undefined)
    .map(({ fromSec, toSec }) => ({ fromSec, toSec }))
}

/** The intervals of this level, in order. */
export function spansAtLevel(coverage: Coverage, level: CoverageLevel): readonly Span[] {
  return coverage
    .filter((interval) => interval.level === level)
    .map(({ fromSec, toSec }) => ({ fromSec, toSec }))
}

/** The end of the newest span that was read, or the origin if none was. */
export function coverageEdgeSec(coverage: Coverage, originSec: number): number {
  return Math.max(originSec, coverage.findLast(({ level }) => level !== 'gap')?.toSec ?? originSec)
}

/** Everything from the origin to here was read, or is a recorded gap. */
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

/** The span cut where its level changes, the unread parts included. */
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
