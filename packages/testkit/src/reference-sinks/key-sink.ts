import { type CdrRecord, defineSink, mergeMark, type Refusal, type SinkSession } from '@cdrstream/plugin'
import { identityOf } from '../delivery/latest-of-each-key.ts'
import { classifyError, type StoredRecord, StoreFile, storedRecord } from './store-file.ts'
import { readMarks, writeMarks } from './store-marks.ts'
import { storeOptions } from './store-options.ts'

/**
 * The smallest sink with idempotence `key`. It remembers the highest rank that it has written for each key.
 */
export const referenceKeySink = defineSink({
  name: 'reference-key',
  options: storeOptions,
  traits: { idempotence: 'key', revisions: 'all' },
  create({ path }) {
    const store = new StoreFile(path)
    return {
      async open(call) {
        try {
          const batches = await store.load(call)
          const stored = batches.flatMap(({ records }) => records)
          return { kind: 'opened', session: keySession(path, store, highestRanks(stored)) }
        } catch (error) {
          return classifyError(error)
        }
      },
    }
  },
})

type Ranks = ReadonlyMap<string, number>

function keySession(path: string, store: StoreFile, stored: Ranks): SinkSession {
  let ranks = stored
  return {
    async write({ records }, call) {
      const { readable, refused } = readRecords(records)
      const newer: StoredRecord[] = []
      const after = new Map(ranks)
      for (const record of readable) {
        const known = after.get(identityOf(record))
        if (known !== undefined && known >= record.rank) continue
        after.set(identityOf(record), record.rank)
        newer.push(record)
      }
      try {
        await store.append({ records: newer }, call)
        ranks = after
        return { kind: 'accepted', refused }
      } catch (error) {
        return classifyError(error)
      }
    },
    async mark(marks) {
      const stored = await readMarks(path)
      for (const mark of marks) {
        const merged = mergeMark(stored.get(mark.org), mark)
        if (merged !== undefined) stored.set(mark.org, merged)
      }
      await writeMarks(path, stored)
    },
    async holds(references) {
      return references.map((reference) => {
        const known = ranks.get(identityOf(reference))
        return known !== undefined && known >= reference.rank ? 'present' : 'absent'
      })
    },
  }
}

function highestRanks(records: readonly StoredRecord[]): Ranks {
  const ranks = new Map<string, number>()
  for (const record of records) {
    const known = ranks.get(identityOf(record)) ?? record.rank
    ranks.set(identityOf(record), Math.max(known, record.rank))
  }
  return ranks
}

/** Separates the records that can be written from the refused ones. */
export function readRecords(records: readonly CdrRecord[]) {
  const readable: StoredRecord[] = []
  const refused: Refusal[] = []
  for (const [index, record] of records.entries()) {
    try {
      readable.push(storedRecord(record))
    } catch {
      refused.push({ index, reason: 'the text of the record is not JSON' })
    }
  }
  return { readable, refused }
}
