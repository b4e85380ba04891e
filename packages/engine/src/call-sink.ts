import type { Call, Failed, Retry } from '@cdrstream/plugin'
import type { Clock } from './ports/index.ts'

/** The sink threw, or took too long. */
export interface Thrown {
  readonly kind: 'thrown'
  readonly cause: unknown
}

/** The result of a call to a sink. */
export interface Called<Outcome> {
  readonly outcome: Outcome | Thrown
  /** Whether the call took longer than allowed. */
  readonly timedOut: boolean
}

/** Calls a sink and aborts the call if it takes too long. An aborted call has one more second to settle. */
export async function callSink<Outcome>(
  work: (call: Call) => Promise<Outcome>,
  timeoutMs: number,
  clock: Clock,
  signal?: AbortSignal,
): Promise<Called<Outcome>> {
  const timeout = new AbortController()
  const done = new AbortController()
  const callSignal = signal === undefined ? timeout.signal : AbortSignal.any([timeout.signal, signal])
  const watchdog = watch(timeout, callSignal, timeoutMs, clock, done.signal)
  try {
    const outcome = await Promise.race([settled(work, { signal: callSignal }), watchdog])
    return { outcome, timedOut: timeout.signal.aborted && !signal?.aborted }
  } finally {
    done.abort()
  }
}

const graceMs = 1_000

async function settled<Outcome>(
  work: (call: Call) => Promise<Outcome>,
  call: Call,
): Promise<Outcome | Thrown> {
  try {
    return await work(call)
  } catch (cause) {
    return { kind: 'thrown', cause }
  }
}

async function watch(
  timeout: AbortController,
  aborted: AbortSignal,
  timeoutMs: number,
  clock: Clock,
  done: AbortSignal,
): Promise<Thrown> {
  await clock.sleep(timeoutMs, AbortSignal.any([aborted, done]))
  if (!done.aborted) timeout.abort()
  await clock.sleep(graceMs, done)
  return { kind: 'thrown', cause: new Error('the call was aborted') }
}

/** Returns what went wrong, for the log. */
export function describeTrouble(outcome: Thrown | Retry | Failed | { readonly kind: string }): string {
  // Part of a batch was written, and the sink does not report why the rest was not.
  if (outcome.kind === 'accepted') return 'the sink did not accept all records'
  if (!('cause' in outcome) || outcome.cause === undefined) return outcome.kind
  return textOf(outcome.cause)
}

/** Returns a text for anything that a sink throws or returns. */
export function textOf(value: unknown): string {
  try {
    return value instanceof Error ? `${value.name}: ${value.message}` : String(value)
  } catch {
    return 'a value that cannot be shown as text'
  }
}

/** An exception reduced to its reason. */
export interface ThrownReason {
  readonly kind: 'thrown'
  readonly reason: string
}

/** Returns the outcome in the form that the decisions use: an exception is reduced to its reason. */
export function withReason<Outcome extends { readonly kind: string }>(
  outcome: Outcome | Thrown,
): Exclude<Outcome, Thrown> | ThrownReason {
  return isThrown(outcome)
    ? { kind: 'thrown', reason: describeTrouble(outcome) }
    : (outcome as Exclude<Outcome, Thrown>)
}

function isThrown(outcome: { readonly kind: string }): outcome is Thrown {
  return outcome.kind === 'thrown'
}
