/**
 * Receives state changes of orgs and sinks. The engine's loops call it synchronously, so it must return
 * immediately. The engine logs and ignores exceptions.
 */
export interface EngineObserver {
  /** Called when an org or a sink starts, and whenever any field of its state changes. */
  stateChanged(state: SubjectState): void
}

/** The state of an org or a sink, consistent with the log. Times are in milliseconds since 1970, UTC. */
export interface SubjectState {
  readonly subject: 'org' | 'sink'
  readonly name: string
  /**
   * - `ok`: everything available has been read or delivered
   * - `catching-up`: works normally, but older records are still being read or delivered
   * - `retrying`: the last attempt failed; the engine retries with increasing delays
   * - `paused`: user action is required; the engine retries periodically unless an operator paused the sink
   * - `waiting`: cannot proceed until a certain time or event, such as the end of a rate limit
   */
  readonly state: 'ok' | 'catching-up' | 'retrying' | 'paused' | 'waiting'
  /** When `state` or `code` last changed. */
  readonly sinceMs: number
  /** A stable code for programs, the same as in the log. Null if `state` is `ok` or `catching-up`. */
  readonly code: string | null
  /** What happened, without record content. */
  readonly cause: string | null
  /** What the user has to do; null if nothing, or if unknown. */
  readonly remedy: string | null
  /** When the next attempt is due; null if unknown, or if the attempt has begun. */
  readonly nextTryMs: number | null
}
