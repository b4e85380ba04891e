import type { RecordSource } from '@cdrstream/plugin'
import type { DeliverableRecord } from './delivery/delivery-state.ts'
import type { CanonicalContent } from './normalize/canonical-content.ts'

/** An accepted record as the journal gives it back. */
export interface StoredRecord extends DeliverableRecord {
  readonly home: string
  readonly acceptedAtMs: number
  readonly source: RecordSource
  /** Its JSON text as the API sent it. A journal may make it on each access. */
  readonly text: string
  readonly content?: CanonicalContent | undefined
}
