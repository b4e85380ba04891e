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

/** The code under test: from the response on the wire to the journal's input. */
export interface Subject {
  createSource(options: WebexSourceOptions): Source
  identify(item: Item): IdentifiedItem
  accept(records: readonly IdentifiedRecord[], acceptedAtMs: WholeMs): readonly AcceptedRecord[]
}

export const digest = (text: string): string => createHash('sha1').update(text).digest('hex')

/** The code that the collector uses. */
export const realSubject: Subject = {
  createSource: createWebexSource,
  identify: (item) => identifyItem(item, digest),
  accept: (records, acceptedAtMs) => acceptRecords(records, new Map(), 'stream', acceptedAtMs),
}
