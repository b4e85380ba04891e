import { createHash } from 'node:crypto'
import { defaultTerms } from '@cdrstream/core'
import { ProcessClock, VirtualTime } from '@cdrstream-internal/virtual-time'
import { expect, it } from 'vitest'
import { memoryJournal } from '../test/support/memory-journal.ts'
import { startEngine } from './engine.ts'
import type { Answer, Source } from './ports/index.ts'

const startMs = Date.UTC(2026, 8, 24) + 0.75

/** Answers every request with one record and one item that is not a record. */
function sourceOf(time: VirtualTime): Source {
  return {
    prepare: async () => ({
      kind: 'ready',
      send: async (_request, read) => {
        const items = ['{"Report ID":"a"}', 'null'].map((text) =>
          read({
            kind: 'parsed' as const,
            text,
            bytes: Buffer.from(text),
            value: JSON.parse(text) as unknown,
          }),
        )
        const answer = { kind: 'page', items, next: null, serverDateMs: null, trackingId: null } as const
        return { ...answer, answeredAtMs: time.nowMs } satisfies Answer<unknown>
      },
    }),
  }
}

it('a clock with fractions of milliseconds → every timestamp in the journal is a whole number of milliseconds', async () => {
  const time = new VirtualTime(startMs)
  const journal = memoryJournal()
  const pruned: number[] = []
  const engine = startEngine({
    orgs: [{ name: 'acme', scope: 'acme', credential: 'acme', source: sourceOf(time), reachMs: 120_000 }],
    sinks: [],
    terms: defaultTerms,
    platform: {
      clock: new ProcessClock(time, () => false),
      digest: (text) => createHash('sha256').update(text).digest('hex'),
      newId: () => 'slot',
    },
    journal: {
      ...journal,
      async prune(nowMs) {
        pruned.push(nowMs)
        return { records: 0, sinkGaps: [] }
      },
    },
    log: { debug() {}, info() {}, warn() {}, error() {} },
    mode: 'continuous',
  })
  await time.passUntil(startMs + 120_000)
  engine.stop()

  const times = [
    ...pruned,
    ...journal.records.map(({ acceptedAtMs }) => acceptedAtMs),
    ...journal.quarantine.map(({ atMs }) => atMs),
  ]
  expect(times.length).toBeGreaterThan(3)
  expect(times.filter((ms) => !Number.isInteger(ms))).toEqual([])
})
