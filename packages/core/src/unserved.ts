import { assertDisjoint, type Span, subtractSpan } from './span.ts'

/**
 * A span whose window failed. `suspected`, `divided` and `rest` are the stages of the search for the seconds
 * that the API cannot serve:
 * - `suspected`: a window over it failed once. It is planned like any other span, because most failures are
 *   transient.
 * - `divided`: it failed again, or one half of a failed span was served, so the fault is in this one
 *   (`failures` is 0 then). It is set aside, and a half of it is requested next. A single second is requested
 *   again as it is, but not before `notBeforeMs`.
 * - `rest`: two parts of the span that failed were served, so it may have been a transient failure. What
 *   remains is set aside and requested as it is.
 */
export interface UnservedSpan extends Span {
  readonly stage: 'suspected' | 'divided' | 'rest'
  /** How many requests for exactly this span failed in a row. */
  readonly failures: number
  /**
   * It was passed: the windows after it begin behind it. It is not requested before this time, in
   * milliseconds. 0: it was not passed.
   */
  readonly notBeforeMs: number
}

/** Sorted, without overlap. */
export type Unserved = readonly UnservedSpan[]

export interface Failure {
  /** What of the window was not served. */
  readonly span: Span
  /** The window was too much for one answer: a second request for all of it would be wasted. */
  readonly divideAtOnce: boolean
  /** Seconds before this one were read earlier, so the span is divided there first. */
  readonly edgeSec: number
  readonly nowMs: number
  /** How long a span at its smallest is left alone after this number of failures. */
  readonly pauseMs: (failures: number) => number
}

/** Returns the spans after a window failed. */
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
  // One failure of a single second says little: most failures are transient.
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

/** Returns the spans after the API served this one. */
export function noteServed(unserved: Unserved, served: Span): Unserved {
  if (served.fromSec >= served.toSec || !unserved.some((known) => overlap(known, served))) return unserved
  return unserved.flatMap((known) => {
    if (!overlap(known, served)) return [known]
    // It was not the window: the request went on from where it had failed.
    if (known.stage === 'suspected' && served.fromSec <= known.fromSec) return []
    const mayBeServed = known.stage === 'divided' && known.failures === 0
    const failures = known.stage === 'suspected' ? known.failures : 0
    return subtractSpan([known], served).map((piece) => {
      // Two seconds cost two requests at most by halves, and three if they are requested whole and fail.
      const isWorthOne = piece.toSec - piece.fromSec > 2
      const stage = mayBeServed && isWorthOne ? 'rest' : known.stage
      return { ...piece, stage, failures, notBeforeMs: 0 }
    })
  })
}

/** Whether windows for other purposes stay clear of it. */
export function isSetAside({ stage }: UnservedSpan): boolean {
  return stage !== 'suspected'
}

/** Whether the windows after it begin behind it: the API cannot serve these seconds now, or most of them. */
export function isPassed({ notBeforeMs }: UnservedSpan): boolean {
  return notBeforeMs > 0
}

/**
 * Returns the window from the same start that ends where one request should: it crosses no border of a span
 * that is set aside.
 */
export function limitToServable(unserved: Unserved, window: Span): Span {
  const { fromSec } = window
  const aside = unserved.filter(isSetAside)
  // Bad seconds come in runs. Behind one, windows begin as small as the run, which finds its end in a few
  // requests.
  const runSec = passedSecBefore(unserved, fromSec) || Number.POSITIVE_INFINITY
  const inside = aside.find((known) => known.fromSec <= fromSec && fromSec < known.toSec)
  const endSec =
    inside === undefined
      ? (aside.find((known) => known.fromSec > fromSec)?.fromSec ?? window.toSec)
      : partEndSec(inside, fromSec)
  // A part of a run is already as small as it has to be.
  if (inside !== undefined && isPassed(inside)) return { fromSec, toSec: Math.min(window.toSec, endSec) }
  return { fromSec, toSec: Math.min(window.toSec, endSec, fromSec + runSec) }
}

/**
 * Returns the part of the span that is requested next. A run that was passed has its good seconds at the end,
 * if it has any.
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

/** How many seconds right before this one the API cannot serve now. */
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
  assertDisjoint(inOrder, 'what the API cannot serve')
  return inOrder
}
