import type { Span } from '@cdrstream/core'

/**
 * Learns what the loops do, for probes and live views. Called synchronously from the loops, so it must return
 * at once. What it throws is logged and ignored.
 */
export interface EngineActivity {
  /**
   * Called when a loop begins a step or a wait. It is called again for this loop before `dueMs`, unless the
   * loop is stuck. Infinity: the loop waits for an event. In milliseconds of the engine's clock.
   */
  loopMoved(loop: EngineLoop, dueMs: number): void
  loopEnded(loop: EngineLoop): void
  /** A page is in the journal. */
  pageCommitted(page: CommittedPage): void
  /** A sink refused records for good, and they are in quarantine. */
  recordsRefused(refused: RefusedRecords): void
  /** Seconds expired before they could be read. */
  gapFound(org: string, spans: readonly Span[]): void
}

/** A loop of the engine: one for each org and each sink. */
export interface EngineLoop {
  readonly subject: 'org' | 'sink'
  readonly name: string
}

export interface CommittedPage {
  readonly org: string
  /** How many items the page has. */
  readonly items: number
  /** How many of them were new records or revisions. */
  readonly records: number
  /** How many of them could not be records. */
  readonly quarantined: number
}

export interface RefusedRecords {
  readonly sink: string
  readonly records: number
  /** Why the first of them was refused, without content of a record. */
  readonly reason: string
}
