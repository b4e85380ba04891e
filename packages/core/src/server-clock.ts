/**
 * What is known of the server's clock: it is ahead of ours by something between the two, in milliseconds. The
 * Date header has a grain of a second, so it is an interval: its lower end bounds the end of a window, its
 * upper end expiry.
 */
export interface ServerClock extends ClockDifference {
  /**
   * Not learnt yet: the first answer that is not days off replaces it, and nothing is given up as expired
   * because of it.
   */
  readonly presumed?: true
  /** What the last answer said against it: believed if the next one says the same. */
  readonly contradiction?: ClockDifference
}

/** A Date header, and between which of our times the server wrote it; all in milliseconds. */
export interface ServerTime {
  readonly dateMs: number
  readonly sentAtMs: number
  readonly answeredAtMs: number
}

interface ClockDifference {
  readonly aheadMinMs: number
  readonly aheadMaxMs: number
  /** When that was learnt, by our clock. */
  readonly learntAtMs: number
}

/** Before the first answer: two well-kept clocks. */
export function unknownServerClock(nowMs: number): ServerClock {
  return { aheadMinMs: -1_000, aheadMaxMs: 1_000, learntAtMs: nowMs, presumed: true }
}

/** Returns whether the server's clock may be the same as ours, as two well-kept clocks are. */
export function clocksAgree({ aheadMinMs, aheadMaxMs }: ServerClock): boolean {
  const presumed = unknownServerClock(0)
  return aheadMinMs <= presumed.aheadMaxMs && aheadMaxMs >= presumed.aheadMinMs
}

/** The two clocks may drift apart by so much of the time that passes. */
const drift = 1e-4

/** Two clocks that are kept differ by less. */
const mostUncheckedMs = 86_400_000

/**
 * Learns from a Date header. The server wrote it at some moment between sending and the arrival of the
 * headers. What was known before narrows the interval as long as the two agree. One answer alone does not
 * change it: whoever believes a single absurd date gives up records as expired that are not.
 */
export function learnServerClock(
  known: ServerClock,
  { dateMs, sentAtMs, answeredAtMs }: ServerTime,
): ServerClock {
  const fresh: ClockDifference = {
    aheadMinMs: dateMs - answeredAtMs,
    aheadMaxMs: dateMs + 1_000 - sentAtMs,
    learntAtMs: answeredAtMs,
  }
  const agreed = known.presumed ? near(fresh) : narrowed(known, fresh)
  if (agreed !== undefined) return agreed
  const { contradiction, ...before } = known
  const confirmed = contradiction && narrowed(contradiction, fresh)
  return confirmed ?? { ...before, contradiction: fresh }
}

function near(fresh: ClockDifference): ClockDifference | undefined {
  return Math.abs(fresh.aheadMinMs) <= mostUncheckedMs ? fresh : undefined
}

/** Undefined if they cannot both be right. */
function narrowed(known: ClockDifference, fresh: ClockDifference): ClockDifference | undefined {
  const { learntAtMs } = fresh
  const slackMs = Math.max(0, learntAtMs - known.learntAtMs) * drift
  const aheadMinMs = Math.max(fresh.aheadMinMs, known.aheadMinMs - slackMs)
  const aheadMaxMs = Math.min(fresh.aheadMaxMs, known.aheadMaxMs + slackMs)
  return aheadMinMs <= aheadMaxMs ? { aheadMinMs, aheadMaxMs, learntAtMs } : undefined
}
