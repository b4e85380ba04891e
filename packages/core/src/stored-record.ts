import type { RecordSource } from '@cdrstream/plugin'
import type { DeliverableRecord } from './delivery/delivery-state.ts'
import type { CanonicalContent } from './normalize/canonical-content.ts'

/** An accepted record as the journal returns it. */
export interface StoredRecord extends DeliverableRecord {
  readonly home: string
  readonly acceptedAtMs: number
  readonly source: RecordSource
  /** Whether a newer revision of its key was accepted before it. */
  readonly isSuperseded?: boolean
  /** The JSON text as the API sent it. A journal may create it on each access. */
  readonly text: string
  readonly content?: CanonicalContent | undefined
}
