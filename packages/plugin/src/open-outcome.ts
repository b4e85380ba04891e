import type { Position } from './batch.ts'
import type { Failed, Retry } from './outcome.ts'
import type { SinkSession } from './sink-session.ts'

/** What became of `open`. */
export type OpenOutcome = Opened | Retry | Failed

export interface Opened {
  readonly kind: 'opened'
  readonly session: SinkSession
  /**
   * For idempotence `position`: the position stored with the data, or null if there is none yet. The engine
   * continues after it. Sinks of the other kinds leave it out, and the journal remembers for them.
   */
  readonly position?: Position | null
}
