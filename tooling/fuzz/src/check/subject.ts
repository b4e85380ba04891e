import { createHash } from 'node:crypto'
import {
  type AdmittedRecord,
  admitRecords,
  type IdentifiedItem,
  type IdentifiedRecord,
  type Item,
  identifyItem,
} from '@cdrstream/core'
import type { Source } from '@cdrstream/engine'
import { createWebexSource, type WebexSourceOptions } from '@cdrstream/source-webex'

/** What is fuzzed: the way of an answer from the wire to what the journal gets. */
export interface Subject {
  createSource(options: WebexSourceOptions): Source
  identify(item: Item): IdentifiedItem
  admit(records: readonly IdentifiedRecord[], acceptedAtMs: number): readonly AdmittedRecord[]
}

export const digest = (text: string): string => createHash('sha1').update(text).digest('hex')

/** As the collector does it. */
export const realSubject: Subject = {
  createSource: createWebexSource,
  identify: (item) => identifyItem(item, digest),
  admit: (records, acceptedAtMs) => admitRecords(records, new Map(), acceptedAtMs),
}
