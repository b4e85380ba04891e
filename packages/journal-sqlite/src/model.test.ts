import { join } from 'node:path'
import { wholeMs } from '@cdrstream/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { acknowledge, acknowledged } from '../test/support/acknowledge.ts'
import {
  dayMs,
  examplePage,
  exampleProgress,
  exampleRecord,
  exampleStartMs,
} from '../test/support/example-page.ts'
import {
  type ModelJournal,
  modelCommit,
  modelJournal,
  modelPosition,
  modelPrune,
} from '../test/support/model-journal.ts'
import { plainRecords } from '../test/support/plain-records.ts'
import { temporaryDirectory } from '../test/support/temporary-directory.ts'
import { openJournal } from './open/open-journal.ts'
import type { SqliteJournal } from './sqlite-journal.ts'

const keepMs = 10 * dayMs
const orgs = ['acme', 'other'] as const
const sinks = ['files', 'warehouse'] as const

const fraction = fc.double({ min: 0, max: 1, noNaN: true })
const call = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('commit'),
      org: fc.constantFrom(...orgs),
      records: fc.nat(6),
      // Blocks of 64 KB or more are compressed on another thread.
      textLength: fc.constantFrom(0, 100, 30_000),
      days: fc.nat(3),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('read'),
      from: fraction,
      records: fc.nat(10),
      bytes: fc.constantFrom(1, 1_000, 1e9),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('acknowledge'), sink: fc.constantFrom(...sinks), to: fraction }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('prune'), sinks: fc.subarray([...sinks]) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reopen') }) },
)
type Call = typeof call extends fc.Arbitrary<infer Value> ? Value : never

test('after any sequence of calls, the journal holds the same records as a plain list', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(call, { maxLength: 25 }), async (calls) => {
      const path = join(temporaryDirectory(), 'journal.db')
      const open = () => openJournal({ path, access: 'collector', keepMs })
      const model = modelJournal()
      let journal = await open()
      let day = 0
      try {
        for (const [number, each] of calls.entries()) {
          if (each.kind === 'commit') day += each.days
          if (each.kind === 'reopen') {
            await journal.close()
            journal = await open()
          } else {
            await apply(journal, model, each, number, day)
          }
          await compare(journal, model)
        }
      } finally {
        await journal.close()
      }
    }),
    { numRuns: 40 },
  )
})

type ModelCall = Exclude<Call, { kind: 'reopen' }>

async function apply(
  journal: SqliteJournal,
  model: ModelJournal,
  each: ModelCall,
  number: number,
  day: number,
) {
  const nowMs = exampleStartMs + day * dayMs
  const offsetAt = (part: number) => Math.round(part * model.records.length)
  switch (each.kind) {
    case 'commit': {
      const records = Array.from({ length: each.records }, (_, index) =>
        exampleRecord(`${number}/${index}`, { acceptedAtMs: wholeMs(nowMs) }, each.textLength),
      )
      const budget = {
        credential: 'token',
        change: (before: { limitedInARow: number }) => ({
          slots: [],
          notBeforeMs: 0,
          limitedInARow: before.limitedInARow + 1,
        }),
      }
      const page = examplePage(number, {
        org: each.org,
        scope: each.org,
        records,
        budget,
        progress: exampleProgress(number),
      })
      modelCommit(model, page, await journal.commit(page))
      return
    }
    case 'read': {
      const after = modelPosition(model, journal.incarnation, offsetAt(each.from))
      const { records, to } = await journal.read(after, each)
      const first = Math.max(after.offset, model.prunedThrough)
      expect(plainRecords(records)).toEqual(model.records.slice(first, first + records.length))
      expect(to).toEqual(records.at(-1)?.position ?? after)
      expect(records.length > 0).toBe(first < model.records.length)
      expect(records.length).toBeLessThanOrEqual(Math.max(1, each.records))
      return
    }
    case 'acknowledge': {
      const through = modelPosition(model, journal.incarnation, offsetAt(each.to))
      await acknowledge(journal, each.sink, through)
      model.sinks.set(each.sink, through)
      return
    }
    case 'prune': {
      const { records, sinkGaps } = await journal.prune(wholeMs(nowMs), each.sinks)
      expect(records).toBe(modelPrune(model, nowMs - keepMs, each.sinks))
      expect(sinkGaps).toEqual([])
      return
    }
  }
}

async function compare(journal: SqliteJournal, model: ModelJournal): Promise<void> {
  const at = (offset: number) => modelPosition(model, journal.incarnation, offset)
  expect(await journal.end()).toEqual(at(model.records.length))
  expect(await journal.start()).toEqual(at(model.prunedThrough))
  const { records } = await journal.read(await journal.start(), { records: 1e9, bytes: 1e12 })
  expect(plainRecords(records)).toEqual(model.records.slice(model.prunedThrough))
  for (const sink of sinks) expect(await acknowledged(journal, sink)).toEqual(model.sinks.get(sink))
  for (const org of orgs) {
    expect(await journal.progress(org)).toEqual(model.progress.get(org))
    const keys = model.records.filter((record) => record.org === org).map(({ key }) => key)
    // Pruned records are still remembered.
    expect([...(await journal.revisions(org, keys)).keys()].sort()).toEqual(keys.toSorted())
  }
  expect((await journal.budget('token')).limitedInARow).toBe(model.budgetCount)
  for (const offset of [0, ...model.commitEnds]) {
    expect(await journal.owns(at(offset))).toBe(true)
    expect(await journal.owns({ ...at(offset), commit: 'unknown' })).toBe(false)
  }
}
