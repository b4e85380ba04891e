/** The values that a decision needs from the platform. */
export interface Moment {
  /** In milliseconds since 1970, UTC. */
  readonly nowMs: number
  /**
   * A random number from 0 to 1, drawn for each decision, that spreads retries. With 1 they are not spread.
   */
  readonly chance: number
}
