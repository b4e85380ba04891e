/**
 * Learns about changes of the state of orgs and sinks. Called synchronously from the loops, so it must return
 * at once. What it throws is logged and ignored.
 */
export interface EngineObserver {
  /** Called when an org or a sink starts, and whenever any value of its state has changed. */
  stateChanged(state: SubjectState): void
}

/** The state of an org or a sink, as the log describes it. Times are in milliseconds since 1970, UTC. */
export interface SubjectState {
  readonly subject: 'org' | 'sink'
  readonly name: string
  /**
   * - `ok`: everything that there is was read or delivered
   * - `catching-up`: it works, and older records are still being read or delivered
   * - `retrying`: the last attempt failed; it is repeated at ever longer intervals
   * - `paused`: a person has to do something; it is tried again from time to time
   * - `waiting`: nothing can be done before some time or event, such as the end of a rate limit
   */
  readonly state: 'ok' | 'catching-up' | 'retrying' | 'paused' | 'waiting'
  /** Since when both `state` and `code` have been the same. */
  readonly sinceMs: number
  /** Stable, for programs; the same as in the log. Null with `ok` and `catching-up`. */
  readonly code: string | null
  /** What happened, without content of records. */
  readonly cause: string | null
  /** What a person has to do; null if nothing, or if nothing is known. */
  readonly remedy: string | null
  /** When the next attempt is made; null if it is not known, or if it has begun. */
  readonly nextTryMs: number | null
}
