import { cdrRecord, type StoredRecord } from '@cdrstream/core'
import type { Batch, CdrRecord } from '@cdrstream/plugin'
import { freshDigits, withFreshIds } from './fresh-ids.ts'
import type { Page, PageRecord } from './page.ts'

/**
 * Yields an endless sequence of batches: the records of these pages, each time with new Report IDs and
 * Correlation IDs.
 */
export class FreshBatches {
  readonly #pages: readonly Page[]
  #made = 0
  #offset = 0

  constructor(pages: readonly Page[]) {
    this.#pages = pages
  }

  next(): Batch {
    const page = this.#pages[this.#made % this.#pages.length]
    this.#made += 1
    const round = this.#made
    const records = newestOfEachKey(page?.records ?? []).map((record) =>
      parsed({
        ...record,
        org: 'acme',
        key: joined(freshDigits(record.key.slice(0, 8), round), record.key.slice(8)),
        text: withFreshIds(record.text, round),
      }),
    )
    return this.#batch(records)
  }

  /** Returns a batch of the same records at a later position in the journal. */
  again({ records }: Batch): Batch {
    return this.#batch(records)
  }

  #batch(records: readonly CdrRecord[]): Batch {
    const position = () => ({
      incarnation: 'b'.repeat(16),
      offset: this.#offset,
      commit: this.#offset === 0 ? '' : `c${this.#offset}`,
    })
    const from = position()
    this.#offset += records.length
    return { records, from, to: position() }
  }
}

/**
 * Returns one flat string, as in keys read from the journal. V8 would otherwise concatenate the parts only on
 * first access, within the measured time.
 */
function joined(...stored: readonly string[]): string {
  return Buffer.from(stored.join('')).toString()
}

/** Parses the fields in advance, because parsing is measured as a separate stage. */
function parsed(stored: Omit<StoredRecord, 'position'>): CdrRecord {
  const { fields, extra } = cdrRecord(stored)
  return { ...stored, fields, extra }
}

/**
 * Returns the newest revision of each key, as the engine does for a sink that accepts only the latest
 * revisions.
 */
function newestOfEachKey(records: readonly PageRecord[]): readonly PageRecord[] {
  const newest = new Map<string, PageRecord>()
  for (const record of records) {
    if ((newest.get(record.key)?.rank ?? 0) < record.rank) newest.set(record.key, record)
  }
  return [...newest.values()]
}
