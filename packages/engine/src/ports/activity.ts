import type { Span } from '@cdrstream/core'

/**
 * Receives reports on the loops' activity, for probes and live views. The loops call it synchronously, so it
 * must return immediately. The engine logs and ignores exceptions.
 */
export interface EngineActivity {
  /**
   * Called when a loop begins a step or a wait. The loop calls it again before `dueMs`, unless it is stuck.
   * `dueMs` is in milliseconds of the engine's clock; Infinity means that the loop waits for an event.
   */
  loopMoved(loop: EngineLoop, dueMs: number): void
  loopEnded(loop: EngineLoop): void
  /** Called when the journal has stored a page. */
  pageCommitted(page: CommittedPage): void
  /** Called when a sink has permanently refused records, which are now in quarantine. */
  recordsRefused(refused: RefusedRecords): void
  /** Called when seconds have expired before they could be read. */
  gapFound(org: string, spans: readonly Span[]): void
}

/** One of the engine's loops. There is one for each org and each sink. */
export interface EngineLoop {
  readonly subject: 'org' | 'sink'
  readonly name: string
}

export interface CommittedPage {
  readonly org: string
  /** How many items the page has. */
  readonly items: number
  /** How many items were new records or revisions. */
  readonly records: number
  /** How many items could not be read as records. */
  readonly quarantined: number
}

export interface RefusedRecords {
  readonly sink: string
  readonly records: number
  /** Why the sink refused the first of these records, without record content. */
  readonly reason: string
}
