import type { CdrFields } from '@cdrstream/catalogue'
import type { CdrRecord, RecordSource } from '@cdrstream/plugin'
import type { RecordMask } from './field-policy/record-mask.ts'
import { fieldsOf } from './normalize/generated/fields-of.ts'
import { normalizeRecord } from './normalize/normalize-record.ts'
import type { NormalizedRecord } from './normalize/normalized-record.ts'
import type { StoredRecord } from './stored-record.ts'

/**
 * Returns the record as sinks receive it, masked by `mask`. Its text and its fields are computed on first
 * access and cached.
 */
export function cdrRecord(stored: Omit<StoredRecord, 'position'>, mask?: RecordMask): CdrRecord {
  return new LazyRecord(stored, mask, { made: undefined })
}

/**
 * Returns the records of a batch like `cdrRecord`, but caches only what was computed for the most recently
 * read record: caching a whole batch would cost more in garbage collection than parsing again.
 */
export function cdrRecords(
  batch: readonly Omit<StoredRecord, 'position'>[],
  mask?: RecordMask,
): readonly CdrRecord[] {
  const last: LastRead = { made: undefined }
  return batch.map((stored) => new LazyRecord(stored, mask, last))
}

class LazyRecord implements CdrRecord {
  readonly org: string
  readonly key: string
  readonly rank: number
  readonly home: string
  readonly acceptedAtMs: number
  readonly source: RecordSource
  readonly #stored: Omit<StoredRecord, 'position'>
  readonly #mask: RecordMask | undefined
  readonly #last: LastRead

  constructor(stored: Omit<StoredRecord, 'position'>, mask: RecordMask | undefined, last: LastRead) {
    this.org = stored.org
    this.key = stored.key
    this.rank = stored.rank
    this.home = stored.home
    this.acceptedAtMs = stored.acceptedAtMs
    this.source = stored.source
    this.#stored = stored
    this.#mask = mask
    this.#last = last
  }

  get text(): string {
    const made = this.#made()
    made.text ??= this.#mask?.apply(this.#stored.text) ?? this.#stored.text
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

  /** Returns undefined if the text has to be read. */
  #readContent(): NormalizedRecord | undefined {
    const { content } = this.#stored
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

/** The values computed for a record. */
interface Made {
  readonly record: LazyRecord
  text?: string
  normalized?: NormalizedRecord
}

/** The values computed for the most recently read record of a batch. */
interface LastRead {
  made: Made | undefined
}
