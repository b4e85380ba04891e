import { type Coverage, type CoverageLevel, type Progress, type Span, unreadSpans } from '@cdrstream/core'

const signs: Readonly<Record<CoverageLevel | 'unread', string>> = {
  unread: '·',
  gap: 'x',
  doubtful: '▒',
  read: '█',
  final: '█',
}

/** From worst to best. A cell shows the worst of its seconds, so that no hole is hidden. */
const worstFirst: readonly CoverageLevel[] = ['gap', 'doubtful', 'read', 'final']

/** The legend of a bar. */
export const coverageLegend = '█ read, ▒ to be read again, · not read yet, x lost'

/** Returns a span's coverage as a bar of this many cells: `████▒▒██··`. Before the origin, it is empty. */
export function coverageBar(
  { coverage, originSec }: Pick<Progress, 'coverage' | 'originSec'>,
  { fromSec, toSec }: Span,
  cells: number,
): string {
  const secPerCell = (toSec - fromSec) / cells
  return Array.from({ length: cells }, (_, cell) => {
    const span = { fromSec: fromSec + cell * secPerCell, toSec: fromSec + (cell + 1) * secPerCell }
    return span.fromSec < originSec ? ' ' : signOf(coverage, span)
  }).join('')
}

function signOf(coverage: Coverage, cell: Span): string {
  if (unreadSpans(coverage, cell).length > 0) return signs.unread
  const inside = coverage.filter(({ fromSec, toSec }) => fromSec < cell.toSec && toSec > cell.fromSec)
  const worst = worstFirst.find((level) => inside.some((interval) => interval.level === level))
  return signs[worst ?? 'unread']
}
