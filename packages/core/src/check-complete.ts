import type { PageEvent } from './collect-event.ts'
import { doubtCoverage } from './coverage.ts'
import type { Chain, Reading } from './org-state.ts'
import type { Progress } from './progress.ts'
import type { Span } from './span.ts'
import type { Terms } from './terms.ts'

/**
 * Marks a window as doubtful if it is incomplete by its own count. It is read again only once, which rules
 * out a loop.
 */
export function checkComplete(
  progress: Progress,
  reading: Reading,
  event: PageEvent,
  hadItems: Span | null,
  terms: Terms,
): Progress {
  const { purpose, window, items, totalCount } = reading
  const short = totalCount !== null && items < totalCount
  // A full page without a next link: the link may have been lost.
  const brimful = totalCount === null && isPageSize(event.items, terms)
  // The server returned items before and returns none now: it may have answered for a different org or
  // region.
  const emptied = items === 0 && hadItems !== null && contains(window, hadItems)
  if (!short && !brimful && !emptied) return progress
  return doubt(progress, window, purpose === 'doubt' ? [] : brimful ? halves(window) : [window])
}

/**
 * Checks windows that were resumed before their last page: their parts together must have as many items as
 * the first part announced. The last part may reach beyond the window, so a shortfall can go unnoticed, but a
 * complete window is never reported as short.
 */
export function checkChains(
  chains: readonly Chain[],
  progress: Progress,
  reading: Reading,
): { readonly chains: readonly Chain[]; readonly progress: Progress } {
  const chain = chains.find(({ readToSec }) => readToSec === reading.window.fromSec)
  if (chain === undefined || reading.readToSec < chain.window.toSec) return { chains, progress }
  const items = chain.items + reading.items - reading.overlap
  const again = chain.purpose === 'doubt' ? [] : [chain.window]
  return {
    chains: chains.filter((other) => other !== chain),
    progress: items < chain.totalCount ? doubt(progress, chain.window, again) : progress,
  }
}

function doubt(progress: Progress, window: Span, again: readonly Span[]): Progress {
  return {
    ...progress,
    coverage: doubtCoverage(progress.coverage, window),
    doubts: [...progress.doubts, ...again],
  }
}

function contains(outer: Span, inner: Span): boolean {
  return outer.fromSec <= inner.fromSec && inner.toSec <= outer.toSec
}

/** The server clamps `max` to 500 … 5,000 (api/webex-cdr-api.md, section 3). */
function isPageSize(items: number, terms: Terms): boolean {
  return items > 0 && (items === terms.pageSize || items === Math.min(Math.max(terms.pageSize, 500), 5_000))
}

function halves({ fromSec, toSec }: Span): readonly Span[] {
  const middleSec = Math.floor((fromSec + toSec) / 2)
  return middleSec > fromSec
    ? [
        { fromSec, toSec: middleSec },
        { fromSec: middleSec, toSec },
      ]
    : [{ fromSec, toSec }]
}
