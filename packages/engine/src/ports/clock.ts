/** The engine's clock. */
export interface Clock {
  /**
   * Returns whole milliseconds since 1970, UTC. Steady: while the process lives, the time advances at the
   * rate of real time, even if the system clock is changed.
   */
  nowMs(): number
  /** Resolves after this many milliseconds or when the signal is aborted. Never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
  /** Lets other work in the process run. */
  yield(): Promise<void>
}
