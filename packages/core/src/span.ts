import { BrokenInvariant } from './assert.ts'

/** A half-open span `[fromSec, toSec)` of insertion time, in whole seconds since 1970, UTC. */
export interface Span {
  readonly fromSec: number
  readonly toSec: number
}

/** Returns the parts of the spans outside `taken`. */
export function subtractSpan(spans: readonly Span[], taken: Span): readonly Span[] {
  return spans
    .flatMap(({ fromSec, toSec }) => [
      { fromSec, toSec: Math.min(toSec, taken.fromSec) },
      { fromSec: Math.max(fromSec, taken.toSec), toSec },
    ])
    .filter(({ fromSec, toSec }) => fromSec < toSec)
}

/** Throws a `BrokenInvariant` unless the spans are in order, not empty, and disjoint. */
export function assertDisjoint(spans: readonly Span[], what: string): void {
  let endSec = Number.NEGATIVE_INFINITY
  for (const { fromSec, toSec } of spans) {
    const isInOrder = endSec <= fromSec && fromSec < toSec
    // The message is only built if needed, because this runs for each event.
    if (!isInOrder) throw new BrokenInvariant(`${what}: [${fromSec}, ${toSec}) follows a span to ${endSec}`)
    endSec = toSec
  }
}
