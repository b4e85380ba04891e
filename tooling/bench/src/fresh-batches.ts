import { cdrRecord, type StoredRecord } from '@cdrstream/core'
import type { Batch, CdrRecord } from '@cdrstream/plugin'
import { freshDigits, withFreshIds } from './fresh-ids.ts'
import type { Page, PageRecord } from './page.ts'

/** Batches of a journal without end: the records of these pages, each time with Report IDs and Correlation IDs that nobody has seen. */
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

  /** The same records once more, further on in the journal. */
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

/** As one text, as the journal reads its keys, and not as two that V8 joins when somebody looks at them. */
function joined(...parts: readonly string[]): string {
  return Buffer.from(parts.join('')).toString()
}

/** With its fields at hand: to parse them is the stage before, and measured as such. */
function parsed(stored: Omit<StoredRecord, 'position'>): CdrRecord {
  const { fields, extra } = cdrRecord(stored)
  return { ...stored, fields, extra }
}

/** As the engine gives batches to a sink that wants the latest revisions. */
function newestOfEachKey(records: readonly PageRecord[]): readonly PageRecord[] {
  const newest = new Map<string, PageRecord>()
  for (const record of records) {
    if ((newest.get(record.key)?.rank ?? 0) < record.rank) newest.set(record.key, record)
  }
  return [...newest.values()]
}
