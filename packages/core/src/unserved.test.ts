import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Span } from './span.ts'
import { limitToServable, nextPart, noteFailure, noteServed, type Unserved } from './unserved.ts'

const span = (fromSec: number, toSec: number): Span => ({ fromSec, toSec })
const nowMs = 1_000_000
const failure = (
  fromSec: number,
  toSec: number,
  rest: { divideAtOnce?: boolean; edgeSec?: number } = {},
) => ({
  span: span(fromSec, toSec),
  divideAtOnce: false,
  edgeSec: 0,
  nowMs,
  pauseMs: (failures: number) => failures * 100,
  ...rest,
})
const fail = (unserved: Unserved, ...spans: readonly (readonly [number, number])[]) =>
  spans.reduce((known, [fromSec, toSec]) => noteFailure(known, failure(fromSec, toSec)), unserved)
const stages = (unserved: Unserved) => unserved.map(({ fromSec, toSec, stage }) => [fromSec, toSec, stage])

describe('a window that fails', () => {
  it('is only suspected the first time, and nothing is set aside', () => {
    const unserved = fail([], [0, 100])
    expect(stages(unserved)).toEqual([[0, 100, 'suspected']])
    expect(limitToServable(unserved, span(0, 200))).toEqual(span(0, 200))
  })

  it('is set aside the second time, or immediately if it was too large', () => {
    const divided = [[0, 100, 'divided']]
    expect(stages(fail([], [0, 100], [0, 100]))).toEqual(divided)
    expect(stages(noteFailure([], failure(0, 100, { divideAtOnce: true })))).toEqual(divided)
    expect(limitToServable(fail([], [10, 100], [10, 100]), span(0, 200))).toEqual(span(0, 10))
  })

  it('is no longer suspected once a request has read from its start', () => {
    expect(noteServed(fail([], [0, 100]), span(0, 30))).toEqual([])
    // The end alone proves nothing: the look-back of the head may be what fails.
    expect(stages(noteServed(fail([], [0, 100]), span(90, 120)))).toEqual([[0, 90, 'suspected']])
  })

  it('is divided where the unread seconds begin', () => {
    const first = noteFailure([], failure(0, 100))
    const second = noteFailure(first, failure(0, 100, { edgeSec: 70 }))
    expect(stages(second)).toEqual([
      [0, 70, 'rest'],
      [70, 100, 'rest'],
    ])
  })
})

describe('the search', () => {
  it('requests the first half, then the first half of the rest, then the whole rest', () => {
    const divided = fail([], [0, 100], [0, 100])
    expect(limitToServable(divided, span(0, 100))).toEqual(span(0, 50))
    const second = noteServed(divided, span(0, 50))
    expect(stages(second)).toEqual([[50, 100, 'divided']])
    expect(limitToServable(second, span(50, 200))).toEqual(span(50, 75))
    const rest = noteServed(second, span(50, 75))
    expect(stages(rest)).toEqual([[75, 100, 'rest']])
    expect(limitToServable(rest, span(75, 200))).toEqual(span(75, 100))
  })

  it('divides the last two seconds, because requesting them together costs one more request if it fails', () => {
    const last = noteServed(noteServed(fail([], [0, 4], [0, 4]), span(0, 1)), span(1, 2))
    expect(stages(last)).toEqual([[2, 4, 'divided']])
    expect(limitToServable(last, span(2, 10))).toEqual(span(2, 3))
  })

  it('concludes nothing about the second half when the first one fails', () => {
    expect(stages(fail([], [0, 100], [0, 100], [0, 50]))).toEqual([[0, 50, 'divided']])
  })

  it('passes a single second that failed twice, with a pause that grows', () => {
    const once = fail([], [0, 2], [0, 2], [0, 1])
    expect(once[0]).toMatchObject({ notBeforeMs: 0 })
    const twice = fail(once, [0, 1])
    expect(twice[0]).toMatchObject({ ...span(0, 1), notBeforeMs: nowMs + 200 })
    expect(fail(twice, [0, 1])[0]).toMatchObject({ notBeforeMs: nowMs + 300 })
    expect(noteServed(twice, span(0, 1))).toEqual([])
  })

  it('continues after a passed second in steps that double until one is served', () => {
    let unserved = fail([], [0, 2], [0, 2], [0, 1], [0, 1])
    const steps: number[] = []
    for (let atSec = 1; atSec < 60; ) {
      const { toSec } = limitToServable(unserved, span(atSec, 1_000))
      steps.push(toSec - atSec)
      unserved = fail(unserved, [atSec, toSec])
      atSec = toSec
    }
    expect(steps).toEqual([1, 2, 4, 8, 16, 32])
    // Seconds that a step passed unnecessarily are recovered from the end of the span.
    expect(nextPart(unserved.at(-1) ?? expect.fail())).toEqual(span(48, 64))
    const recovered = noteServed(unserved, span(64, 96))
    expect(limitToServable(recovered, span(96, 1_000))).toEqual(span(96, 1_000))
  })

  it('finds exactly the bad seconds of any window, in a number of requests bounded by their count', () => {
    const seconds = fc.uniqueArray(fc.nat({ max: 511 }), { maxLength: 3 })
    fc.assert(
      fc.property(seconds, (bad) => {
        const isBad = ({ fromSec, toSec }: Span) => bad.some((sec) => sec >= fromSec && sec < toSec)
        const served = new Set<number>()
        let unserved: Unserved = []
        let requests = 0
        const request = (window: Span) => {
          requests += 1
          if (isBad(window)) {
            unserved = noteFailure(unserved, failure(window.fromSec, window.toSec))
            return
          }
          for (let sec = window.fromSec; sec < window.toSec; sec += 1) served.add(sec)
          unserved = noteServed(unserved, window)
        }
        const isDone = (sec: number) =>
          served.has(sec) ||
          unserved.some(
            (known) => known.toSec - known.fromSec === 1 && known.fromSec === sec && known.notBeforeMs > 0,
          )
        for (;;) {
          const open = unserved.find(
            (known) =>
              known.stage !== 'suspected' && !(known.toSec - known.fromSec === 1 && known.notBeforeMs > 0),
          )
          const free = Array.from({ length: 512 }, (_, sec) => sec).find(
            (sec) =>
              !served.has(sec) &&
              !unserved.some(
                (known) => known.stage !== 'suspected' && known.fromSec <= sec && sec < known.toSec,
              ),
          )
          if (open !== undefined) request(limitToServable(unserved, nextPart(open)))
          else if (free !== undefined) request(limitToServable(unserved, span(free, 512)))
          else break
          if (requests > 400) break
        }
        for (let sec = 0; sec < 512; sec += 1) expect(isDone(sec)).toBe(true)
        expect([...served].filter((sec) => bad.includes(sec))).toEqual([])
        expect(requests).toBeLessThanOrEqual(3 + 40 * bad.length)
      }),
    )
  })
})
