import type { MarkGap, MarkGapReason, StoredMark } from '@cdrstream/plugin'

/** The document of an org in the index `cdr-coverage`. Times are text in ISO 8601. */
export interface CoverageDocument {
  readonly org: string
  readonly complete_through: string
  readonly gaps: readonly CoverageGap[]
}

interface CoverageGap {
  readonly from: string
  readonly to: string
  /** Missing where an earlier version of cdrstream wrote it, which recorded only what was not collected. */
  readonly reason?: MarkGapReason
}

export function encodeCoverage(org: string, { completeThroughMs, gaps }: StoredMark): CoverageDocument {
  return {
    org,
    complete_through: timeText(completeThroughMs),
    gaps: gaps.map(({ fromMs, toMs, reason }) => ({ from: timeText(fromMs), to: timeText(toMs), reason })),
  }
}

/** Returns undefined for a document that has no usable time, which the next mark then replaces. */
export function readCoverage({
  complete_through: completeThrough,
  gaps = [],
}: Partial<CoverageDocument>): StoredMark | undefined {
  const completeThroughMs = Date.parse(completeThrough ?? '')
  if (Number.isNaN(completeThroughMs)) return undefined
  return { completeThroughMs, gaps: gaps.map(readGap) }
}

function readGap({ from, to, reason = 'not-collected' }: CoverageGap): MarkGap {
  return { fromMs: Date.parse(from), toMs: Date.parse(to), reason }
}

function timeText(ms: number): string {
  return new Date(ms).toISOString()
}
