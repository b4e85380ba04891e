import { assertDisjoint, type Span, subtractSpan } from './span.ts'

/**
 * A span whose window failed. `suspected`, `divided` and `rest` are the stages of the search for the seconds
 * that the API cannot serve:
 * - `suspected`: a window over it failed once. It is planned like any other span, because most failures are
 *   transient.
 * - `divided`: it failed again, or one half of a failed span was served, so the fault is in this half
 *   (`failures` is then 0). It is set aside, and half of it is requested next. A single second is requested
 *   again as it is, but not before `notBeforeMs`.
 * - `rest`: two parts of the failed span were served, so the failure may have been transient. The remainder
 *   is set aside and requested as it is.
 */
export interface UnservedSpan extends Span {
  readonly stage: 'suspected' | 'divided' | 'rest'
  /** How many consecutive requests for exactly this span failed. */
  readonly failures: number
  /**
   * If set, the span was passed: later windows start after it, and it is not requested before this time, in
   * milliseconds. 0 if it was not passed.
   */
  readonly notBeforeMs: number
}

/** Sorted and disjoint. */
export type Unserved = readonly UnservedSpan[]

/** A window that failed. */
export interface Failure {
  /** The part of the window that was not served. */
  readonly span: Span
  /** The window was too large for one response: requesting all of it again would be a waste. */
  readonly divideAtOnce: boolean
  /** Seconds before this one were read earlier, so the span is divided here first. */
  readonly edgeSec: number
  readonly nowMs: number
  /** How long a span of minimum size is left alone after this number of failures. */
  readonly pauseMs: (failures: number) => number
}

/** Returns the failing spans after a window failed. */
export function noteFailure(unserved: Unserved, failure: Failure): Unserved {
  const { span, edgeSec } = failure
  if (span.fromSec >= span.toSec) return unserved
  const touched = unserved.filter((known) => overlap(known, span))
  const others = unserved.filter((known) => !overlap(known, span))
  const same = touched.find(({ fromSec, toSec }) => fromSec === span.fromSec && toSec === span.toSec)
  const failures = 1 + (same?.failures ?? 0)
  const passedBeforeSec = passedSecBefore(others, span.fromSec)
  const isFirst = touched.length === 0
  if (isFirst && passedBeforeSec === 0 && !failure.divideAtOnce)
    return sorted([...others, { ...span, stage: 'suspected', failures, notBeforeMs: 0 }])
  const lengthSec = span.toSec - span.fromSec
  const tries = same?.stage === 'divided' ? failures : 1
  // One failure of a single second is weak evidence: most failures are transient.
  if (lengthSec <= passedBeforeSec || (lengthSec === 1 && tries > 1)) {
    const pauseMs = lengthSec === 1 ? failure.pauseMs(tries) : 0
    const notBeforeMs = failure.nowMs + pauseMs
    return sorted([...others, { ...span, stage: 'divided', failures: tries, notBeforeMs }])
  }
  const isHalfRead = span.fromSec < edgeSec && edgeSec < span.toSec
  if (isHalfRead && !touched.some(isSetAside)) {
    const rest = { stage: 'rest', failures: 0, notBeforeMs: 0 } as const
    const { fromSec, toSec } = span
    return sorted([...others, { fromSec, toSec: edgeSec, ...rest }, { fromSec: edgeSec, toSec, ...rest }])
  }
  return sorted([...others, { ...span, stage: 'divided', failures: tries, notBeforeMs: 0 }])
}

/** Returns the failing spans after the API served this one. */
export function noteServed(unserved: Unserved, served: Span): Unserved {
  if (served.fromSec >= served.toSec || !unserved.some((known) => overlap(known, served))) return unserved
  return unserved.flatMap((known) => {
    if (!overlap(known, served)) return [known]
    // The window was not at fault: the request continued from where it had failed.
    if (known.stage === 'suspected' && served.fromSec <= known.fromSec) return []
    const mayBeServed = known.stage === 'divided' && known.failures === 0
    const failures = known.stage === 'suspected' ? known.failures : 0
    return subtractSpan([known], served).map((piece) => {
      // Requesting two seconds one at a time costs at most two requests. Requesting them together costs three
      // if that fails.
      const isWorthOne = piece.toSec - piece.fromSec > 2
      const stage = mayBeServed && isWorthOne ? 'rest' : known.stage
      return { ...piece, stage, failures, notBeforeMs: 0 }
    })
  })
}

/** Returns whether windows for other purposes avoid the span. */
export function isSetAside({ stage }: UnservedSpan): boolean {
  return stage !== 'suspected'
}

/**
 * Returns whether later windows start after the span: the API cannot serve these seconds now, or most of
 * them.
 */
export function isPassed({ notBeforeMs }: UnservedSpan): boolean {
  return notBeforeMs > 0
}

/**
 * Returns the window, shortened so that it crosses no boundary of a span that is set aside.
 */
export function limitToServable(unserved: Unserved, window: Span): Span {
  const { fromSec } = window
  const aside = unserved.filter(isSetAside)
  // Failing seconds come in runs. After a run, windows start as small as the run, so that the end of the run
  // is found in a few requests.
  const runSec = passedSecBefore(unserved, fromSec) || Number.POSITIVE_INFINITY
  const inside = aside.find((known) => known.fromSec <= fromSec && fromSec < known.toSec)
  const endSec =
    inside === undefined
      ? (aside.find((known) => known.fromSec > fromSec)?.fromSec ?? window.toSec)
      : partEndSec(inside, fromSec)
  // A window inside a run needs no further limit.
  if (inside !== undefined && isPassed(inside)) return { fromSec, toSec: Math.min(window.toSec, endSec) }
  return { fromSec, toSec: Math.min(window.toSec, endSec, fromSec + runSec) }
}

/**
 * Returns the part of the span to request next. A run that was passed has its good seconds, if any, at its
 * end.
 */
export function nextPart(span: UnservedSpan): Span {
  const { fromSec, toSec } = span
  const isWhole = span.stage === 'rest' || toSec - fromSec === 1
  if (isWhole || !isPassed(span)) return { fromSec, toSec: partEndSec(span, fromSec) }
  return { fromSec: middleSec(span), toSec }
}

function partEndSec(span: UnservedSpan, startSec: number): number {
  return span.stage === 'divided' && startSec < middleSec(span) ? middleSec(span) : span.toSec
}

function middleSec({ fromSec, toSec }: Span): number {
  return fromSec + Math.max(1, Math.floor((toSec - fromSec) / 2))
}

/** Returns the number of seconds directly before this one that the API currently cannot serve. */
function passedSecBefore(unserved: Unserved, fromSec: number): number {
  let startSec = fromSec
  for (const known of unserved.toReversed())
    if (known.toSec === startSec && isPassed(known)) startSec = known.fromSec
  return fromSec - startSec
}

function overlap(one: Span, other: Span): boolean {
  return one.fromSec < other.toSec && other.fromSec < one.toSec
}

function sorted(spans: Unserved): Unserved {
  const inOrder = spans.toSorted((a, b) => a.fromSec - b.fromSec)
  assertDisjoint(inOrder, 'unserved spans')
  return inOrder
}
