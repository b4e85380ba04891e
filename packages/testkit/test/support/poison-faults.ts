import { appendFileSync } from 'node:fs'
import { identityOf, latestOfEachKey } from '../../src/delivery/latest-of-each-key.ts'
import { readRecords } from '../../src/reference-sinks/key-sink.ts'
import { storeLine } from '../../src/reference-sinks/store-file.ts'
import { type Fault, isReadable } from './break-sink.ts'

const smallBatch = 6

/** Sinks that mishandle records that cannot be written. */
export const poisonFaults = {
  'drops-poison': {
    fails: 'poison-named',
    session: (good) => ({
      write(batch, call) {
        if (batch.records.length < smallBatch) return good.write(batch, call)
        return good.write({ ...batch, records: batch.records.filter(isReadable) }, call)
      },
    }),
  },
  'refuses-its-neighbour': {
    fails: 'poison-named',
    session: (good) => ({
      async write(batch, call) {
        const outcome = await good.write(batch, call)
        if (outcome.kind !== 'accepted') return outcome
        const refused = outcome.refused?.map(({ index, reason }) => ({
          index: Math.max(0, index - 1),
          reason,
        }))
        return { ...outcome, refused: refused ?? [] }
      },
    }),
  },
  'chooses-before-it-reads': {
    fails: 'older-revision-survives',
    session: (good) => ({
      async write(batch, call) {
        const records = latestOfEachKey(batch.records)
        const outcome = await good.write({ ...batch, records }, call)
        if (outcome.kind !== 'accepted') return outcome
        const refused = (outcome.refused ?? []).flatMap(({ index, reason }) => {
          const record = records[index]
          return record === undefined ? [] : [{ index: batch.records.indexOf(record), reason }]
        })
        return { ...outcome, refused }
      },
    }),
  },
  'remembers-what-it-refused': {
    fails: 'older-revision-survives',
    plugin: () => ({ traits: { idempotence: 'key', revisions: 'latest' } }),
    session: (good) => {
      const refusedRanks = new Map<string, number>()
      return {
        async write(batch, call) {
          for (const record of batch.records) {
            if (!isReadable(record)) refusedRanks.set(identityOf(record), record.rank)
          }
          const isOlder = (record: (typeof batch.records)[number]) =>
            record.rank < (refusedRanks.get(identityOf(record)) ?? Number.NEGATIVE_INFINITY)
          const kept = batch.records.filter((record) => !isOlder(record))
          return kept.length === batch.records.length
            ? good.write(batch, call)
            : good.write({ ...batch, records: kept }, call)
        },
      }
    },
  },
  'refuses-after-the-commit': {
    fails: 'refused-before-commit',
    idempotence: 'position',
    session: (good, { options }) => ({
      async write(batch, call) {
        const { readable, refused } = readRecords(batch.records)
        if (refused.length === 0 || batch.records.length !== smallBatch) return good.write(batch, call)
        appendFileSync(options.path, storeLine({ records: readable, position: batch.to }))
        return { kind: 'refused', refused }
      },
    }),
  },
  'accepts-and-refuses': {
    fails: 'refused-before-commit',
    idempotence: 'position',
    session: (good) => ({
      async write(batch, call) {
        const { refused } = readRecords(batch.records)
        if (refused.length === 0 || batch.records.length !== smallBatch) return good.write(batch, call)
        const outcome = await good.write({ ...batch, records: batch.records.filter(isReadable) }, call)
        return outcome.kind === 'accepted' ? { ...outcome, refused } : outcome
      },
    }),
  },
} as const satisfies Readonly<Record<string, Fault>>
