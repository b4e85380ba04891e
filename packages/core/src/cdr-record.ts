import type { CdrFields } from '@cdrstream/catalogue'
import type { CdrRecord, RecordSource } from '@cdrstream/plugin'
import { normalizeRecord } from './normalize/normalize-record.ts'
import type { NormalizedRecord } from './normalize/normalized-record.ts'

/** A record without what is computed from its text. */
export type RecordParts = Omit<CdrRecord, 'fields' | 'extra'>

/**
 * The record as sinks get it: its text is parsed when its fields are asked for. Only what was made of the record that was asked last is
 * kept: a batch of 5,000 would hold 30 MB of it, and keep the garbage collector busier than the parser.
 */
export function cdrRecord(parts: RecordParts): CdrRecord {
  return new LazyRecord(parts)
}

class LazyRecord implements CdrRecord {
  readonly org: string
  readonly key: string
  readonly rank: number
  readonly home: string
  readonly acceptedAtMs: number
  readonly source: RecordSource
  readonly text: string

  constructor(parts: RecordParts) {
    this.org = parts.org
    this.key = parts.key
    this.rank = parts.rank
    this.home = parts.home
    this.acceptedAtMs = parts.acceptedAtMs
    this.source = parts.source
    this.text = parts.text
  }

  get fields(): CdrFields {
    return this.#normalize().fields
  }

  get extra(): ReadonlyMap<string, unknown> {
    return this.#normalize().extra
  }

  #normalize(): NormalizedRecord {
    if (lastRecord !== this) {
      lastNormalized = normalizeRecord(JSON.parse(this.text))
      lastRecord = this
    }
    return lastNormalized
  }
}

let lastRecord: LazyRecord | undefined
let lastNormalized: NormalizedRecord
