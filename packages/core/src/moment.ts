/** What a decision takes of the platform. */
export interface Moment {
  /** In milliseconds since 1970, UTC. */
  readonly nowMs: number
  /** From 0 to 1, drawn anew for each decision: it spreads retries. 1: they are not spread. */
  readonly chance: number
}
