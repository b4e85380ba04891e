/** A half-open span `[fromSec, toSec)` of insertion time, in whole seconds since 1970, UTC. */
export interface Span {
  readonly fromSec: number
  readonly toSec: number
}

/** What of the spans lies outside of `taken`. */
export function subtractSpan(spans: readonly Span[], taken: Span): readonly Span[] {
  return spans
    .flatMap(({ fromSec, toSec }) => [
      { fromSec, toSec: Math.min(toSec, taken.fromSec) },
      { fromSec: Math.max(fromSec, taken.toSec), toSec },
    ])
    .filter(({ fromSec, toSec }) => fromSec < toSec)
}
