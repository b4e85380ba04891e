import type { SinkTraits } from '@cdrstream/plugin'
import type { Trial } from './trial.ts'

/** What a check needs of the certification. */
export type Need = 'readBack' | 'module' | 'down' | 'denied' | 'place'

/** A check, before it is bound to a plugin. */
export interface CheckDefinition {
  readonly name: string
  readonly title: string
  /** The declared traits that it belongs to. Default: all. */
  readonly when?: (traits: Pick<SinkTraits, 'idempotence' | 'revisions'>) => boolean
  readonly needs?: readonly Need[]
  run(trial: Trial): Promise<void>
}
