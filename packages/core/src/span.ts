import { BrokenInvariant } from './assert.ts'

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

/** Throws unless the spans are in order, none is empty, and none overlaps another. */
export function assertDisjoint(spans: readonly Span[], what: string): void {
  let endSec = Number.NEGATIVE_INFINITY
  for (const { fromSec, toSec } of spans) {
    const isInOrder = endSec <= fromSec && fromSec < toSec
    // The message is only made where it is needed: this runs for each event.
    if (!isInOrder) throw new BrokenInvariant(`${what}: [${fromSec}, ${toSec}) follows a span to ${endSec}`)
    endSec = toSec
  }
}
