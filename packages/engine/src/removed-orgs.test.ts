import { createHash } from 'node:crypto'
import { defaultTerms } from '@cdrstream/core'
import type { CdrRecord, Mark, Sink } from '@cdrstream/plugin'
import { ProcessClock, VirtualTime } from '@cdrstream-internal/virtual-time'
import { expect, it } from 'vitest'
import { memoryJournal } from '../test/support/memory-journal.ts'
import { startEngine } from './engine.ts'
import type { EngineOptions } from './engine-options.ts'
import type { Answer, Source } from './ports/index.ts'

const startMs = Date.UTC(2026, 8, 24)
const minuteMs = 60_000

it('an emptied sink also retracts its marks of an org that is no longer configured', async () => {
  const time = new VirtualTime(startMs)
  const journal = memoryJournal()
  const source: Source = {
    prepare: async () => ({
      kind: 'ready',
      send: async (_request, read) => {
        const text = '{"Report ID":"a"}'
        const items = [
          read({ kind: 'parsed' as const, text, bytes: Buffer.from(text), value: JSON.parse(text) }),
        ]
        const answer = {
          kind: 'page',
          items,
          next: null,
          serverDateMs: time.nowMs,
          trackingId: null,
        } as const
        return { ...answer, answeredAtMs: time.nowMs } satisfies Answer<unknown>
      },
    }),
  }
  const held: CdrRecord[] = []
  const marked: Mark[] = []
  const sink: Sink = {
    open: async () => ({
      kind: 'opened',
      session: {
        async write({ records }) {
          held.push(...records)
          return { kind: 'accepted' }
        },
        async mark(marks) {
          marked.push(...marks)
        },
        async holds(records) {
          return records.map(({ key }) => (held.some((record) => record.key === key) ? 'present' : 'absent'))
        },
      },
    }),
  }
  async function run(orgs: EngineOptions['orgs']): Promise<readonly Mark[]> {
    marked.length = 0
    const engine = startEngine({
      orgs,
      sinks: [{ name: 'keyed', sink, traits: { idempotence: 'key' }, from: 'earliest' }],
      terms: defaultTerms,
      platform: {
        clock: new ProcessClock(time, () => false),
        digest: (text) => createHash('sha256').update(text).digest('hex'),
        newId: () => 'slot',
      },
      journal,
      log: { debug() {}, info() {}, warn() {}, error() {} },
      mode: 'continuous',
    })
    await time.passUntil(time.nowMs + 5 * minuteMs)
    engine.stop()
    await time.passUntil(time.nowMs + minuteMs)
    return marked
  }

  await run([{ name: 'gone', scope: 'gone', credential: 'gone', source, reachMs: 10 * minuteMs }])
  expect(held).toHaveLength(1)
  held.length = 0
  const [retracted, filled] = await run([])
  expect(retracted).toMatchObject({ org: 'gone', gaps: [{ reason: 'not-delivered' }] })
  expect(filled).toMatchObject({ org: 'gone', gaps: [] })
  expect(held).toHaveLength(1)
})
