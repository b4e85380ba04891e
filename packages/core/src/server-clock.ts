/**
 * What is known about the server's clock: how far it is ahead of ours, between two bounds in milliseconds.
 * The Date header has a resolution of one second, hence the interval: its lower bound limits the end of a
 * window, its upper bound limits expiry.
 */
export interface ServerClock extends ClockDifference {
  /**
   * Not learned yet: the first response that is not days off replaces this assumption, and until then nothing
   * is considered expired.
   */
  readonly presumed?: true
  /** The different time that the last response indicated. It is adopted if the next response agrees. */
  readonly contradiction?: ClockDifference
}

/** A Date header, and our times between which the server wrote it; all in milliseconds. */
export interface ServerTime {
  readonly dateMs: number
  readonly sentAtMs: number
  readonly answeredAtMs: number
}

interface ClockDifference {
  readonly aheadMinMs: number
  readonly aheadMaxMs: number
  /** When the header was received, by our clock. */
  readonly learnedAtMs: number
}

/** Returns the assumption before the first response: two synchronized clocks. */
export function unknownServerClock(nowMs: number): ServerClock {
  return { aheadMinMs: -1_000, aheadMaxMs: 1_000, learnedAtMs: nowMs, presumed: true }
}

/**
 * Returns whether the server's clock can be equal to ours, within the tolerance of two synchronized clocks.
 */
export function clocksAgree({ aheadMinMs, aheadMaxMs }: ServerClock): boolean {
  const presumed = unknownServerClock(0)
  return aheadMinMs <= presumed.aheadMaxMs && aheadMaxMs >= presumed.aheadMinMs
}

/** The assumed drift between the clocks, as a fraction of elapsed time. */
const drift = 1e-4

/** Two synchronized clocks differ by less than this. */
const maxUncheckedMs = 86_400_000

/**
 * Returns the clock after a Date header. The server wrote it at some moment between sending and the arrival
 * of the headers. The earlier interval narrows the new one as long as the two agree. A single response that
 * disagrees changes nothing, because one wrong date must not make records count as expired.
 */
export function learnServerClock(
  known: ServerClock,
  { dateMs, sentAtMs, answeredAtMs }: ServerTime,
): ServerClock {
  const fresh: ClockDifference = {
    aheadMinMs: dateMs - answeredAtMs,
    aheadMaxMs: dateMs + 1_000 - sentAtMs,
    learnedAtMs: answeredAtMs,
  }
  const agreed = known.presumed ? near(fresh) : narrowed(known, fresh)
  if (agreed !== undefined) return agreed
  const { contradiction, ...before } = known
  const confirmed = contradiction && narrowed(contradiction, fresh)
  return confirmed ?? { ...before, contradiction: fresh }
}

function near(fresh: ClockDifference): ClockDifference | undefined {
  return Math.abs(fresh.aheadMinMs) <= maxUncheckedMs ? fresh : undefined
}

/** Returns the common interval, or undefined if the two cannot both be right. */
function narrowed(known: ClockDifference, fresh: ClockDifference): ClockDifference | undefined {
  const { learnedAtMs } = fresh
  const slackMs = Math.max(0, learnedAtMs - known.learnedAtMs) * drift
  const aheadMinMs = Math.max(fresh.aheadMinMs, known.aheadMinMs - slackMs)
  const aheadMaxMs = Math.min(fresh.aheadMaxMs, known.aheadMaxMs + slackMs)
  return aheadMinMs <= aheadMaxMs ? { aheadMinMs, aheadMaxMs, learnedAtMs } : undefined
}
