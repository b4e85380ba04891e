import type { CdrFields } from '@cdrstream/catalogue'
import type { CdrRecord, RecordSource } from '@cdrstream/plugin'
import type { RecordMask } from './field-policy/record-mask.ts'
import { fieldsOf } from './normalize/generated/fields-of.ts'
import { normalizeRecord } from './normalize/normalize-record.ts'
import type { NormalizedRecord } from './normalize/normalized-record.ts'

/** A record without what is computed from its text. */
export interface RecordParts extends Omit<CdrRecord, 'fields' | 'extra'> {
  /** What its identity had, if that is still known: then its fields need not be read from its text. */
  readonly content?: string | undefined
}

/**
 * Returns the record as sinks get it, with what `mask` leaves of it. Its text and its fields are made when
 * they are first asked for, and kept.
 */
export function cdrRecord(parts: RecordParts, mask?: RecordMask): CdrRecord {
  return new LazyRecord(parts, mask, { made: undefined })
}

/**
 * Returns the records of a batch as `cdrRecord` does, but keeps only what was made of the record that was
 * read last: that of a whole batch would keep the garbage collector busier than the parser.
 */
export function cdrRecords(batch: readonly RecordParts[], mask?: RecordMask): readonly CdrRecord[] {
  const last: LastRead = { made: undefined }
  return batch.map((parts) => new LazyRecord(parts, mask, last))
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
  readonly #last: LastRead

  constructor(parts: RecordParts, mask: RecordMask | undefined, last: LastRead) {
    this.org = parts.org
    this.key = parts.key
    this.rank = parts.rank
    this.home = parts.home
    this.acceptedAtMs = parts.acceptedAtMs
    this.source = parts.source
    this.#parts = parts
    this.#mask = mask
    this.#last = last
  }

  get text(): string {
    const made = this.#made()
    made.text ??= this.#mask?.apply(this.#parts.text) ?? this.#parts.text
    return made.text
  }

  get fields(): CdrFields {
    return this.#normalized().fields
  }

  get extra(): ReadonlyMap<string, unknown> {
    return this.#normalized().extra
  }

  #normalized(): NormalizedRecord {
    const made = this.#made()
    made.normalized ??= this.#readContent() ?? normalizeRecord(JSON.parse(this.text))
    return made.normalized
  }

  /** Undefined: its text has to be read. */
  #readContent(): NormalizedRecord | undefined {
    const { content } = this.#parts
    if (content === undefined) return undefined
    const fields = fieldsOf(content)
    const isMasked = this.#mask?.columns.some((column) => fields[column] !== null) ?? false
    return isMasked ? undefined : { fields, extra: new Map() }
  }

  #made(): Made {
    const { made } = this.#last
    if (made?.record === this) return made
    const fresh: Made = { record: this }
    this.#last.made = fresh
    return fresh
  }
}

/** What was made of a record. */
interface Made {
  readonly record: LazyRecord
  text?: string
  normalized?: NormalizedRecord
}

/** What was made of the record of a batch that was read last. */
interface LastRead {
  made: Made | undefined
}
