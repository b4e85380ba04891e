import { type Coverage, type CoverageLevel, type Progress, type Span, unreadSpans } from '@cdrstream/core'

const signs: Readonly<Record<CoverageLevel | 'unread', string>> = {
  unread: '·',
  gap: 'x',
  doubtful: '▒',
  read: '█',
  final: '█',
}

/**
 * From what is worst to what is best known: a cell shows the worst of its seconds, so that no hole is hidden
 * by its neighbours.
 */
const worstFirst: readonly CoverageLevel[] = ['gap', 'doubtful', 'read', 'final']

/** What the signs of a bar mean. */
export const coverageLegend = '█ read, ▒ to be read again, · not read yet, x gone'

/**
 * The coverage of a span as a bar of so many cells: `████▒▒██··`. What lies before the origin is left empty.
 */
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
