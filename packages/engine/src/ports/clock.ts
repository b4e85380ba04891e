/** Time, as the engine sees it. */
export interface Clock {
  /**
   * Whole milliseconds since 1970, UTC. Steady: while the process lives, the time goes forward at the rate of
   * real time, whatever happens to the system's clock.
   */
  nowMs(): number
  /** Resolves after so many milliseconds, or as soon as the signal is aborted. Never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
  /** Lets other work of the process run. */
  yield(): Promise<void>
}
