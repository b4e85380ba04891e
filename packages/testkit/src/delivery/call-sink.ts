import { setTimeout as delay } from 'node:timers/promises'
import type { Call } from '@cdrstream/plugin'

/** The sink threw or did not settle in time. */
export interface Thrown {
  readonly kind: 'thrown'
  readonly cause: unknown
}

/** The result of a call to a sink. */
export interface Called<Outcome> {
  readonly outcome: Outcome | Thrown
  /** Whether the call was aborted because it took too long. */
  readonly timedOut: boolean
}

/** How long an aborted call may take to settle. */
export const graceMs = 1_000

/** Calls a sink as the engine does: aborts the call after `timeoutMs`, then gives it `graceMs` to settle. */
export async function callSink<Outcome>(
  work: (call: Call) => Promise<Outcome>,
  timeoutMs: number,
): Promise<Called<Outcome>> {
  const settled = new AbortController()
  const timeout = new AbortController()
  const watch = async (): Promise<Outcome | Thrown> => {
    const options = { signal: settled.signal, ref: true }
    await delay(timeoutMs, undefined, options)
    timeout.abort(new Error(`aborted after ${timeoutMs} ms`))
    await delay(graceMs, undefined, options)
    return { kind: 'thrown', cause: new Error(`the call did not settle after it was aborted`) }
  }
  const watching = watch().catch((cause): Thrown => ({ kind: 'thrown', cause }))
  try {
    const outcome = await Promise.race([attempt(() => work({ signal: timeout.signal })), watching])
    return { outcome, timedOut: timeout.signal.aborted }
  } finally {
    settled.abort()
  }
}

/** Returns the outcome of `work`, or what it threw as a value. */
export async function attempt<Outcome>(work: () => Promise<Outcome>): Promise<Outcome | Thrown> {
  try {
    return await work()
  } catch (cause) {
    return { kind: 'thrown', cause }
  }
}
