import type {
  Batch,
  Call,
  CdrRecord,
  OpenOutcome,
  Refusal,
  Sink,
  SinkPlugin,
  WriteOutcome,
} from '@cdrstream/plugin'
import { identityOf } from '../delivery/latest-of-each-key.ts'
import { classifyError, type StoredRecord, StoreFile, storedRecord } from './store-file.ts'
import { type StoreOptions, storeOptions } from './store-options.ts'

/** The smallest sink of idempotence `key`: it knows the rank that it has written of each key. */
export const referenceKeySink: SinkPlugin<StoreOptions> = {
  cdrstream: 1,
  name: 'reference-key',
  options: storeOptions,
  traits: { idempotence: 'key', revisions: 'all' },
  create: ({ path }) => new KeySink(new StoreFile(path)),
}

class KeySink implements Sink {
  readonly #store: StoreFile
  #ranks = new Map<string, number>()

  constructor(store: StoreFile) {
    this.#store = store
  }

  async open(call: Call): Promise<OpenOutcome> {
    try {
      const batches = await this.#store.load(call)
      this.#ranks = new Map()
      for (const record of batches.flatMap(({ records }) => records)) {
        const known = this.#ranks.get(identityOf(record)) ?? record.rank
        this.#ranks.set(identityOf(record), Math.max(known, record.rank))
      }
      return { kind: 'opened' }
    } catch (error) {
      return classifyError(error)
    }
  }

  async write({ records }: Batch, call: Call): Promise<WriteOutcome> {
    const { readable, refused } = readRecords(records)
    const ranks = new Map(this.#ranks)
    const newer = readable.filter((record) => {
      const known = ranks.get(identityOf(record))
      if (known !== undefined && known >= record.rank) return false
      ranks.set(identityOf(record), record.rank)
      return true
    })
    try {
      await this.#store.append({ records: newer }, call)
      this.#ranks = ranks
      return { kind: 'accepted', refused }
    } catch (error) {
      return classifyError(error)
    }
  }
}

/** What can be written, and what is refused. */
export function readRecords(records: readonly CdrRecord[]) {
  const readable: StoredRecord[] = []
  const refused: Refusal[] = []
  for (const [index, record] of records.entries()) {
    try {
      readable.push(storedRecord(record))
    } catch {
      refused.push({ index, reason: 'its text is not JSON' })
    }
  }
  return { readable, refused }
}
