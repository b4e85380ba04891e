import { createHash } from 'node:crypto'
import {
  type AdmittedRecord,
  admitRecords,
  type Identity,
  identifyItem,
  type RecordIdentity,
} from '@cdrstream/core'
import type { Item, Source } from '@cdrstream/engine'
import { createWebexSource, type WebexSourceOptions } from '@cdrstream/source-webex'

/** The code under test: from the response on the wire to what the journal gets. */
export interface Subject {
  createSource(options: WebexSourceOptions): Source
  identify(item: Item): Identity
  admit(records: readonly RecordIdentity[], acceptedAtMs: number): readonly AdmittedRecord[]
}

export const digest = (text: string): string => createHash('sha1').update(text).digest('hex')

/** The code that the collector uses. */
export const realSubject: Subject = {
  createSource: createWebexSource,
  identify: (item) => identifyItem(item, digest),
  admit: (records, acceptedAtMs) => admitRecords(records, new Map(), acceptedAtMs),
}
