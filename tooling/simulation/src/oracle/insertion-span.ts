import type { Behaviour } from '@cdrstream/simulator'

/** A span `[fromMs, toMs)` of insertion time, by the server's clock. */
export interface InsertionSpan {
  readonly fromMs: number
  readonly toMs: number
}

/**
 * Returns whether a record is in a span that the collector requests or marks. The simulated store rounds the
 * bounds of a window down to whole seconds of its own time. If the server's clock differs, a record therefore
 * belongs to the second that ends at or after it.
 */
export function isInserted(
  insertionMs: number,
  { fromMs, toMs }: InsertionSpan,
  { bounds, dateSkewMs }: Pick<Behaviour, 'bounds' | 'dateSkewMs'>,
): boolean {
  if (bounds === 'milliseconds') {
    const atMs = insertionMs + dateSkewMs
    return fromMs <= atMs && atMs < toMs
  }
  const endMs = (Math.floor(insertionMs / 1_000) + 1) * 1_000 + dateSkewMs
  return fromMs < endMs && endMs <= toMs
}
