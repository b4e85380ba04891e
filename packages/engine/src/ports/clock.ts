/** The clock of the engine. */
export interface Clock {
  /**
   * Returns whole milliseconds since 1970, UTC. Steady: while the process lives, the time advances at the
   * rate of real time, whatever happens to the system clock.
   */
  nowMs(): number
  /** Resolves after this many milliseconds, or as soon as the signal is aborted. Never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
  /** Lets other work of the process run. */
  yield(): Promise<void>
}
