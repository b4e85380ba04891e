import type { Position } from './batch.ts'
import type { Failed, Retry } from './outcome.ts'
import type { SinkSession } from './sink-session.ts'

/** The outcome of `open`. */
export type OpenOutcome = Opened | Retry | Failed

/** The sink is open and accepts batches through `session`. */
export interface Opened {
  readonly kind: 'opened'
  readonly session: SinkSession
  /**
   * For idempotence `position` only: the position stored with the data, or null if there is none yet. The
   * engine continues after it. For all other sinks, the journal keeps the position.
   */
  readonly position?: Position | null
}
