import type { Mark, MarkGap, MarkGapReason } from './mark.ts'

/** What a sink has stored of an org's marks. Where its gaps begin and end says what it speaks of. */
export type StoredMark = Omit<Mark, 'org' | 'fromMs'>

const seriousness: readonly MarkGapReason[] = ['doubtful', 'refused', 'not-delivered', 'not-collected']

/**
 * Combines a new mark with the one that a sink has stored, and returns what to store: gaps that the new mark
 * does not speak of stay, and the span between the two, if there is one, becomes a gap that nobody collected.
 * A stored mark that is further stays further, but gets the losses of the new one: an emptied sink may have
 * been filled by a journal that was restored from an older copy since. Undefined: keep the stored mark.
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
    // Nothing says that what follows was spared.
    .map((gap) => (gap.toMs < completeThroughMs ? gap : { ...gap, toMs: stored.completeThroughMs }))
  return losses.length === 0 ? undefined : { ...stored, gaps: mergeGaps([...stored.gaps, ...losses]) }
}

/** Orders gaps and makes them disjoint. Where some overlap, the most serious reason stays. */
export function mergeGaps(gaps: readonly MarkGap[]): readonly MarkGap[] {
  // One pass over where gaps begin and end: a sink that refuses something every minute for a month has 44,640
  // of them.
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
