import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Span, subtractSpan } from './span.ts'

const span = fc
  .tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 30 }))
  .map(([a, b]): Span => ({ fromSec: Math.min(a, b), toSec: Math.max(a, b) }))

const seconds = (spans: readonly Span[]): readonly number[] =>
  spans.flatMap(({ fromSec, toSec }) => Array.from({ length: toSec - fromSec }, (_, at) => fromSec + at))

describe('subtracting a span', () => {
  it('leaves every second outside it as many times as it occurred, and none inside it', () => {
    fc.assert(
      fc.property(fc.array(span), span, (spans, taken) => {
        const left = subtractSpan(spans, taken)
        const outside = (sec: number) => sec < taken.fromSec || sec >= taken.toSec
        expect(seconds(left)).toEqual(seconds(spans).filter(outside))
        expect(left.every(({ fromSec, toSec }) => fromSec < toSec)).toBe(true)
      }),
    )
  })
})
