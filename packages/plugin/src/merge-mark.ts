import type { Mark, MarkGap, MarkGapReason } from './mark.ts'

/** What a sink has stored of an org's marks. Where its gaps begin and end says what it speaks of. */
export type StoredMark = Omit<Mark, 'org' | 'fromMs'>

const seriousness: readonly MarkGapReason[] = ['doubtful', 'refused', 'not-delivered', 'not-collected']

/**
 * Combines a new mark with the one that a sink has stored, and returns what to store: gaps that the new mark does not speak of stay, and
 * the span between the two, if there is one, becomes a gap that nobody collected. Undefined: the stored mark is further; keep it.
 */
export function mergeMark(stored: StoredMark | undefined, mark: Mark): StoredMark | undefined {
  const { fromMs, completeThroughMs } = mark
  if (stored === undefined) return { completeThroughMs, gaps: mark.gaps }
  if (stored.completeThroughMs > completeThroughMs) return undefined
  const earlier = stored.gaps
    .filter((gap) => gap.fromMs < fromMs)
    .map((gap) => ({ ...gap, toMs: Math.min(gap.toMs, fromMs) }))
  const between: readonly MarkGap[] =
    stored.completeThroughMs < fromMs
      ? [{ fromMs: stored.completeThroughMs, toMs: fromMs, reason: 'not-collected' }]
      : []
  return { completeThroughMs, gaps: mergeGaps([...earlier, ...between, ...mark.gaps]) }
}

/** Orders gaps and makes them disjoint. Where some overlap, the most serious reason stays. */
export function mergeGaps(gaps: readonly MarkGap[]): readonly MarkGap[] {
  const edges = [...new Set(gaps.flatMap(({ fromMs, toMs }) => [fromMs, toMs]))].sort((a, b) => a - b)
  const merged: MarkGap[] = []
  for (const [at, fromMs] of edges.entries()) {
    const toMs = edges[at + 1]
    if (toMs === undefined) break
    const reason = mostSerious(gaps.filter((gap) => gap.fromMs <= fromMs && gap.toMs >= toMs))
    if (reason === undefined) continue
    const last = merged.at(-1)
    if (last?.toMs === fromMs && last.reason === reason) merged[merged.length - 1] = { ...last, toMs }
    else merged.push({ fromMs, toMs, reason })
  }
  return merged
}

function mostSerious(gaps: readonly MarkGap[]): MarkGapReason | undefined {
  return seriousness.findLast((reason) => gaps.some((gap) => gap.reason === reason))
}
