import type { BodyMemory } from './body-memory.ts'
import type { Broadcast } from './broadcast.ts'
import type { CredentialLane } from './credential-lane.ts'
import type { EngineOptions, OrgSetup } from './engine-options.ts'
import type { JournalClock } from './journal-clock.ts'
import type { MarkBoard } from './mark-board.ts'
import type { PageTraces } from './page-traces.ts'
import type { StallWatch } from './stall-watch.ts'

/** The options for one org's collect loop. */
export interface CollectOptions
  extends Pick<EngineOptions, 'terms' | 'platform' | 'journal' | 'log' | 'mode' | 'observer' | 'activity'> {
  readonly org: OrgSetup
  readonly lane: CredentialLane
  /** Returns how many orgs take turns with the lane now. */
  readonly orgsOfCredential: () => number
  readonly bodies: BodyMemory
  readonly committed: Broadcast
  readonly marks: MarkBoard
  readonly time: JournalClock
  readonly stall: StallWatch
  /** Default: sink traces do not link to page traces. */
  readonly pages?: PageTraces
}

/**
 * How collection of an org ended:
 * - `stopped`: the signal was aborted
 * - `done`, `refused`, `failed`: only with mode `once`; `failed` means that no progress was made
 */
export type CollectEnd = 'stopped' | 'done' | 'refused' | 'failed'
