/**
 * What is known of the server's clock: it is ahead of ours by something between the two, in milliseconds. The Date header
 * has a grain of a second, so it is an interval: its lower end bounds the end of a window, its upper end expiry.
 */
export interface ServerClock {
  readonly aheadMinMs: number
  readonly aheadMaxMs: number
  /** When that was learnt, by our clock. */
  readonly learntAtMs: number
  /** Not learnt yet: the first answer replaces it, and nothing is given up as expired because of it. */
  readonly presumed?: true
}

/** Before the first answer: two well-kept clocks. */
export function unknownServerClock(nowMs: number): ServerClock {
  return { aheadMinMs: -1_000, aheadMaxMs: 1_000, learntAtMs: nowMs, presumed: true }
}

/** The two clocks may drift apart by so much of the time that passes. */
const drift = 1e-4

/**
 * Learns from a Date header. The server wrote it at some moment between sending and the arrival of the headers. What was
 * known before narrows the interval as long as the two agree.
 */
export function learnServerClock(
  known: ServerClock,
  dateMs: number,
  sentAtMs: number,
  answeredAtMs: number,
): ServerClock {
  const fresh = { aheadMinMs: dateMs - answeredAtMs, aheadMaxMs: dateMs + 1_000 - sentAtMs }
  if (known.presumed) return { ...fresh, learntAtMs: answeredAtMs }
  const slackMs = Math.max(0, answeredAtMs - known.learntAtMs) * drift
  const aheadMinMs = Math.max(fresh.aheadMinMs, known.aheadMinMs - slackMs)
  const aheadMaxMs = Math.min(fresh.aheadMaxMs, known.aheadMaxMs + slackMs)
  return aheadMinMs <= aheadMaxMs
    ? { aheadMinMs, aheadMaxMs, learntAtMs: answeredAtMs }
    : { ...fresh, learntAtMs: answeredAtMs }
}
