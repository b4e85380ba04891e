import { createHash } from 'node:crypto'
import {
  type AcceptedRecord,
  acceptRecords,
  type IdentifiedItem,
  type IdentifiedRecord,
  type Item,
  identifyItem,
  type WholeMs,
} from '@cdrstream/core'
import type { Source } from '@cdrstream/engine'
import { createWebexSource, type WebexSourceOptions } from '@cdrstream/source-webex'

/** What is fuzzed: the way of an answer from the wire to what the journal gets. */
export interface Subject {
  createSource(options: WebexSourceOptions): Source
  identify(item: Item): IdentifiedItem
  accept(records: readonly IdentifiedRecord[], acceptedAtMs: WholeMs): readonly AcceptedRecord[]
}

export const digest = (text: string): string => createHash('sha1').update(text).digest('hex')

/** As the collector does it. */
export const realSubject: Subject = {
  createSource: createWebexSource,
  identify: (item) => identifyItem(item, digest),
  accept: (records, acceptedAtMs) => acceptRecords(records, new Map(), 'stream', acceptedAtMs),
}
