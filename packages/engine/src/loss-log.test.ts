import { defaultTerms, wholeMs } from '@cdrstream/core'
import type { WriteOutcome } from '@cdrstream/plugin'
import { ProcessClock, VirtualTime } from '@cdrstream-internal/virtual-time'
import { beforeEach, describe, expect, it } from 'vitest'
import { type MemoryJournal, memoryJournal } from '../test/support/memory-journal.ts'
import { startEngine } from './engine.ts'
import type { Answer, Source } from './ports/index.ts'

const startMs = Date.UTC(2026, 8, 24)
const minuteMs = 60_000
const hourMs = 60 * minuteMs

let time: VirtualTime
let journal: MemoryJournal
let logged: Record<string, unknown>[]

beforeEach(() => {
  time = new VirtualTime(startMs)
  journal = memoryJournal()
  logged = []
})

/** Starts an org whose API is down while `isDown` returns true, and a sink that answers with `write`. */
function start(isDown: () => boolean, write: () => WriteOutcome): void {
  const send = async () => {
    await new ProcessClock(time, () => false).sleep(500, new AbortController().signal)
    const traceable = { answeredAtMs: time.nowMs, serverDateMs: null, trackingId: null }
    const answer = isDown()
      ? { kind: 'failed', reason: 'unavailable', status: 503, detail: '', retryAfterMs: null, ...traceable }
      : { kind: 'page', items: [], next: null, ...traceable }
    return answer as Answer<never>
  }
  const source: Source = { prepare: async () => ({ kind: 'ready', send }) }
  const session = { write: async () => write(), close: async () => {} }
  const note = (_: string, fields: object = {}) => void logged.push({ ...fields })
  startEngine({
    orgs: [{ name: 'acme', scope: 'acme', credential: 'acme', source, reachMs: 2 * minuteMs }],
    sinks: [
      {
        name: 'search',
        sink: { open: async () => ({ kind: 'opened', session }) },
        traits: { idempotence: 'key' },
        from: 'earliest',
      },
    ],
    terms: defaultTerms,
    platform: {
      clock: new ProcessClock(time, () => false),
      digest: (text) => text,
      newId: () => `id-${Math.random()}`,
    },
    journal,
    log: { debug() {}, info() {}, warn: note, error: note },
    mode: 'continuous',
  })
}

const accepted = (): WriteOutcome => ({ kind: 'accepted' })
const withCode = (code: string) => logged.filter((fields) => fields.code === code)

describe('a loss', () => {
  it('of expired seconds is logged once, with where their records are still available', async () => {
    let down = false
    start(() => down, accepted)
    await time.passUntil(startMs + 10 * minuteMs)
    down = true
    await time.passUntil(startMs + 14 * hourMs)
    down = false
    await time.passUntil(startMs + 18 * hourMs)

    const spans = withCode('records-expired')
    expect(spans.length).toBeGreaterThan(0)
    const [gap] = (await journal.progress('acme'))?.coverage.filter(({ level }) => level === 'gap') ?? []
    const seconds = spans.reduce((sum, fields) => sum + Number(fields.seconds), 0)
    expect(seconds).toBe((gap?.toSec ?? 0) - (gap?.fromSec ?? 0))
    expect(spans[0]).toMatchObject({
      org: 'acme',
      from: new Date((gap?.fromSec ?? 0) * 1_000).toISOString(),
      feedUntil: new Date(((gap?.fromSec ?? 0) + 30 * 86_400) * 1_000).toISOString(),
      remedy: expect.any(String),
    })
    expect(spans.at(-1)?.gapSeconds).toBe(seconds)
  })

  it('of refused records is logged once per batch, without content', async () => {
    const records = Array.from({ length: 5 }, (_, index) => ({
      key: `r${index}`,
      fingerprint: '',
      rank: 1,
      home: '2026-09-24',
      acceptedAtMs: wholeMs(startMs),
      source: 'stream' as const,
      bytes: Buffer.from('{"Calling number":"canary"}'),
    }))
    journal.append('acme', records)
    const refused = [
      { index: 0, reason: 'too long' },
      { index: 1, reason: 'no such column' },
      { index: 3, reason: 'too long' },
    ]
    start(
      () => false,
      () => ({ kind: 'accepted', refused }),
    )
    await time.passUntil(startMs + minuteMs)

    expect(withCode('records-refused')).toEqual([
      {
        sink: 'search',
        code: 'records-refused',
        records: 3,
        reasons: [
          { reason: 'too long', records: 2 },
          { reason: 'no such column', records: 1 },
        ],
      },
    ])
  })
})
