import type { CdrFields } from '@cdrstream/catalogue'
import type { CdrRecord, RecordSource } from '@cdrstream/plugin'
import type { RecordMask } from './field-policy/record-mask.ts'
import { normalizeRecord } from './normalize/normalize-record.ts'
import type { NormalizedRecord } from './normalize/normalized-record.ts'

/** A record without what is computed from its text. */
export type RecordParts = Omit<CdrRecord, 'fields' | 'extra'>

/**
 * The record as sinks get it, with the text that `mask` leaves. It is masked when its text is asked for, and parsed when its fields are.
 * Only what was made of the record that was asked last is kept: that of a whole batch would keep the garbage collector busier than the
 * parser.
 */
export function cdrRecord(parts: RecordParts, mask?: RecordMask): CdrRecord {
  return new LazyRecord(parts, mask)
}

class LazyRecord implements CdrRecord {
  readonly org: string
  readonly key: string
  readonly rank: number
  readonly home: string
  readonly acceptedAtMs: number
  readonly source: RecordSource
  readonly #parts: RecordParts
  readonly #mask: RecordMask | undefined

  constructor(parts: RecordParts, mask: RecordMask | undefined) {
    this.org = parts.org
    this.key = parts.key
    this.rank = parts.rank
    this.home = parts.home
    this.acceptedAtMs = parts.acceptedAtMs
    this.source = parts.source
    this.#parts = parts
    this.#mask = mask
  }

  get text(): string {
    return this.#content().text
  }

  get fields(): CdrFields {
    return this.#normalized().fields
  }

  get extra(): ReadonlyMap<string, unknown> {
    return this.#normalized().extra
  }

  #content(): Content {
    if (last?.record !== this) {
      const { text } = this.#parts
      last = { record: this, text: this.#mask?.(text) ?? text }
    }
    return last
  }

  #normalized(): NormalizedRecord {
    const content = this.#content()
    content.normalized ??= normalizeRecord(JSON.parse(content.text))
    return content.normalized
  }
}

/** What was made of a record. */
interface Content {
  readonly record: LazyRecord
  readonly text: string
  normalized?: NormalizedRecord
}

let last: Content | undefined
