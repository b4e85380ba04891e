import type { Mark, MarkGap, MarkGapReason } from './mark.ts'

/** The data that a sink stores for an org's marks. */
export type StoredMark = Omit<Mark, 'org' | 'fromMs'>

const seriousness: readonly MarkGapReason[] = ['doubtful', 'refused', 'not-delivered', 'not-collected']

/**
 * Combines a new mark with the stored one and returns what to store, or undefined if the stored mark is
 * further ahead and must be kept. Stored gaps before the new mark's span stay, and a span between the two
 * marks becomes a `not-collected` gap. A stored mark that is further ahead takes over the losses of the new
 * one, because an emptied sink may since have been filled from a journal restored from an older copy.
 */
export function mergeMark(stored: StoredMark | undefined, mark: Mark): StoredMark | undefined {
  const { fromMs, completeThroughMs } = mark
  if (stored === undefined) return { completeThroughMs, gaps: mark.gaps }
  if (stored.completeThroughMs > completeThroughMs) return withLosses(stored, mark)
  const earlier = stored.gaps
    .filter((gap) => gap.fromMs < fromMs)
    .map((gap) => ({ ...gap, toMs: Math.min(gap.toMs, fromMs) }))
  const between: readonly MarkGap[] =
    stored.completeThroughMs < fromMs
      ? [{ fromMs: stored.completeThroughMs, toMs: fromMs, reason: 'not-collected' }]
      : []
  return { completeThroughMs, gaps: mergeGaps([...earlier, ...between, ...mark.gaps]) }
}

function withLosses(stored: StoredMark, { completeThroughMs, gaps }: Mark): StoredMark | undefined {
  const losses = gaps
    .filter(({ reason }) => reason === 'not-delivered')
    // Nothing shows that the loss ended with the new mark.
    .map((gap) => (gap.toMs < completeThroughMs ? gap : { ...gap, toMs: stored.completeThroughMs }))
  return losses.length === 0 ? undefined : { ...stored, gaps: mergeGaps([...stored.gaps, ...losses]) }
}

/** Returns the gaps sorted and disjoint. Where gaps overlap, the most serious reason wins. */
export function mergeGaps(gaps: readonly MarkGap[]): readonly MarkGap[] {
  // One pass over the edges of all gaps, because there can be many: a sink that refuses a record every minute
  // has 44,640 of them after a month.
  const edges = gaps
    .flatMap(({ fromMs, toMs, reason }) => [
      { ms: fromMs, reason, change: 1 },
      { ms: toMs, reason, change: -1 },
    ])
    .sort((a, b) => a.ms - b.ms)
  const open = new Map<MarkGapReason, number>()
  const merged: MarkGap[] = []
  for (const [at, { ms: fromMs, reason, change }] of edges.entries()) {
    open.set(reason, (open.get(reason) ?? 0) + change)
    const toMs = edges[at + 1]?.ms ?? fromMs
    const worst = seriousness.findLast((candidate) => (open.get(candidate) ?? 0) > 0)
    if (toMs === fromMs || worst === undefined) continue
    const last = merged.at(-1)
    if (last?.toMs === fromMs && last.reason === worst) merged[merged.length - 1] = { ...last, toMs }
    else merged.push({ fromMs, toMs, reason: worst })
  }
  return merged
}
