import type { Broadcast } from './broadcast.ts'
import type { EngineOptions, SinkSetup } from './engine-options.ts'
import type { JournalClock } from './journal-clock.ts'
import type { MarkBoard } from './mark-board.ts'
import type { PageTraces } from './page-traces.ts'
import type { ControlBox } from './sink-control.ts'
import type { StallWatch } from './stall-watch.ts'

/** The options for one sink's deliver loop. */
export interface DeliverOptions
  extends Pick<EngineOptions, 'platform' | 'journal' | 'log' | 'mode' | 'words' | 'observer' | 'activity'> {
  readonly setup: SinkSetup
  readonly committed: Broadcast
  readonly marks: MarkBoard
  readonly time: JournalClock
  readonly stall: StallWatch
  /** The operator's requests. */
  readonly control?: ControlBox
  /** Default: sink traces do not link to page traces. */
  readonly pages?: PageTraces
  /** Aborted when nothing more will be committed: deliver what the journal has, then end. */
  readonly draining: AbortSignal
  /** Aborted, with `draining`, when only this sink ends: what was not read yet is left in the journal. */
  readonly leaving?: AbortSignal
  /** Aborted when even that has taken too long. */
  readonly deadline: AbortSignal
}
