import type { SinkTraits } from '@cdrstream/plugin'
import type { Trial } from './trial.ts'

/** What a check needs from the certification. */
export type Need = 'readBack' | 'module' | 'down' | 'denied' | 'place'

/** A check that is not yet bound to a plugin. */
export interface CheckDefinition {
  readonly name: string
  readonly title: string
  /** Returns whether the check applies to these declared traits. Default: applies to all. */
  readonly when?: (traits: Pick<SinkTraits, 'idempotence' | 'revisions'>) => boolean
  readonly needs?: readonly Need[]
  run(trial: Trial): Promise<void>
}
