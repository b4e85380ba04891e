import { defaultTerms, type Item } from '@cdrstream/core'
import type { Sink, SinkSession } from '@cdrstream/plugin'
import { ProcessClock, VirtualTime } from '@cdrstream-internal/virtual-time'
import { beforeEach, describe, expect, it } from 'vitest'
import { type MemoryJournal, memoryJournal } from '../test/support/memory-journal.ts'
import { type EngineEnd, startEngine } from './engine.ts'
import type { EngineOptions } from './engine-options.ts'
import {
  type Answer,
  type Journal,
  JournalFullError,
  type Source,
  type SourceRequest,
} from './ports/index.ts'

const startMs = Date.UTC(2026, 8, 24)
const secondMs = 1_000
const minuteMs = 60_000

let time: VirtualTime
let clock: ProcessClock
let journal: MemoryJournal

beforeEach(() => {
  time = new VirtualTime(startMs)
  clock = new ProcessClock(time, () => false)
  journal = memoryJournal()
})

/** Returns a source that answers each request after half a second. */
function source(answer: (request: SourceRequest) => Partial<Answer<Item>>): Source {
  return {
    prepare: async () => ({
      kind: 'ready',
      send: async (request) => {
        await clock.sleep(500, new AbortController().signal)
        const at = { answeredAtMs: time.nowMs, serverDateMs: null, trackingId: null }
        return { ...at, ...answer(request) } as Answer<never>
      },
    }),
  }
}

const page = { kind: 'page', items: [], next: null } as const
const unavailable = {
  kind: 'failed',
  reason: 'unavailable',
  status: 503,
  detail: '',
  retryAfterMs: null,
} as const
const unreachable = { ...unavailable, reason: 'unreachable', status: null, answeredAtMs: null } as const

function sink(write: SinkSession['write'], more: Partial<SinkSession> = {}): Sink {
  return { open: async () => ({ kind: 'opened', session: { write, ...more } }) }
}

const dead: Sink = { open: async () => ({ kind: 'retry', cause: 'connection refused' }) }

/** Returns a sink that accepts one record every half minute. */
const slow = () =>
  sink(async () => {
    await clock.sleep(30 * secondMs, new AbortController().signal)
    return { kind: 'accepted' }
  })

/** Runs with mode `once` to its end, or for six hours. Returns the end, and how long it took. */
async function once(
  api: Source,
  sinks: Readonly<Record<string, Sink>> = {},
  more: Partial<EngineOptions> & { readonly reachMs?: number } = {},
): Promise<{ readonly end: EngineEnd | undefined; readonly tookMs: number }> {
  const { reachMs = 2 * minuteMs, ...rest } = more
  const engine = startEngine({
    orgs: [{ name: 'acme', scope: 'acme', credential: 'acme', source: api, reachMs }],
    sinks: Object.entries(sinks).map(([name, sink]) => ({
      name,
      sink,
      traits: { idempotence: 'key', batch: { records: 1 } },
      from: 'earliest',
    })),
    terms: defaultTerms,
    platform: { clock, digest: (text) => text, newId: () => `slot-${Math.random()}` },
    journal,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    mode: 'once',
    ...rest,
  })
  let end: EngineEnd | undefined
  void engine.ended.then((ended) => {
    end = ended
  })
  await time.passUntil(startMs + 360 * minuteMs, () => end !== undefined)
  return { end, tookMs: time.nowMs - startMs }
}

function append(count: number): void {
  for (let number = 1; number <= count; number += 1) {
    journal.append('acme', [
      {
        key: `r${number}`,
        rank: 1,
        home: '2026-09-24',
        source: 'stream',
        acceptedAtMs: startMs,
        fingerprint: `${number}`,
        bytes: Buffer.from(`{"Report ID":"${number}"}`),
      } as never,
    ])
  }
}

describe('a run with mode once and no progress ends after two minutes', () => {
  it('while the API cannot be reached', async () => {
    const { end, tookMs } = await once(source(() => unreachable))
    expect(end?.orgs.get('acme')).toBe('failed')
    expect(tookMs).toBeLessThan(121 * secondMs)
  })

  it('or a minute later while the API answers with errors', async () => {
    const { end, tookMs } = await once(source(() => unavailable))
    expect(end?.orgs.get('acme')).toBe('failed')
    expect(tookMs).toBeLessThan(185 * secondMs)
  })

  it('while the API limits every request', async () => {
    const { end, tookMs } = await once(source(() => ({ kind: 'limited', retryAfterMs: 3_600_000 })))
    expect(end?.orgs.get('acme')).toBe('failed')
    expect(tookMs).toBeLessThan(121 * secondMs)
  })

  it('while a database cannot be reached', async () => {
    append(3)
    const { end, tookMs } = await once(
      source(() => page),
      { warehouse: dead },
    )
    expect(end?.sinks.get('warehouse')).toBe('behind')
    expect(end?.orgs.get('acme')).toBe('done')
    expect(tookMs).toBeLessThan(122 * secondMs)
  })

  it('while a database accepts records but never makes them durable', async () => {
    append(3)
    const leaky = sink(async ({ from }) => ({ kind: 'accepted', through: from }), {
      flush: async () => ({ kind: 'retry' }),
    })
    const { end, tookMs } = await once(
      source(() => page),
      { leaky },
    )
    expect(end?.sinks.get('leaky')).toBe('behind')
    expect(tookMs).toBeLessThan(130 * secondMs)
  })

  it.each<[string, Partial<Journal>]>([
    ['is full', { roomBytes: async () => 0 }],
    ['cannot store a page', { commit: async () => Promise.reject(new JournalFullError('full')) }],
    ['cannot be read', { newestAcceptedAtMs: async () => Promise.reject(new Error('I/O error')) }],
  ])('while the journal %s', async (_, fault) => {
    const { end, tookMs } = await once(
      source(() => page),
      {},
      { journal: { ...journal, ...fault } },
    )
    expect(end?.orgs.get('acme')).toBe('failed')
    expect(tookMs).toBeLessThan(135 * secondMs)
  })

  it('or after the configured time', async () => {
    const { end, tookMs } = await once(
      source(() => unreachable),
      {},
      { timeoutMs: 7 * secondMs },
    )
    expect(end?.orgs.get('acme')).toBe('failed')
    expect(tookMs).toBeLessThan(8 * secondMs)
  })
})

describe('a run with mode once that makes progress is not cut off', () => {
  it('while it waits for the rate limit for longer than the timeout', async () => {
    const { end, tookMs } = await once(
      source(() => page),
      {},
      { reachMs: 11 * 60 * minuteMs, timeoutMs: 5 * secondMs },
    )
    expect(end?.orgs.get('acme')).toBe('done')
    expect(tookMs).toBeGreaterThan(5 * minuteMs)
  })

  it('while it searches for seconds that the API cannot serve', async () => {
    const badSec = startMs / 1_000 - 5_000
    const { end, tookMs } = await once(
      source((request) =>
        request.kind === 'initial' && request.window.fromSec <= badSec && request.window.toSec > badSec
          ? unavailable
          : page,
      ),
      {},
      { reachMs: 3 * 60 * minuteMs },
    )
    expect(end?.orgs.get('acme')).toBe('done')
    expect(tookMs).toBeGreaterThan(10 * minuteMs)
  })

  it('while a slow sink accepts one record after another', async () => {
    append(20)
    const { end, tookMs } = await once(
      source(() => page),
      { slow: slow() },
    )
    expect(end?.sinks.get('slow')).toBe('done')
    expect(tookMs).toBeGreaterThan(9 * minuteMs)
  })

  it('because of a dead sink next to a working one', async () => {
    append(20)
    const { end, tookMs } = await once(
      source(() => page),
      { slow: slow(), dead },
    )
    expect(Object.fromEntries(end?.sinks ?? [])).toEqual({ slow: 'done', dead: 'behind' })
    expect(tookMs).toBeLessThan(13 * minuteMs)
  })
})

it('a collector in continuous mode waits as long as it takes', async () => {
  const { end } = await once(
    source(() => unreachable),
    { dead },
    { mode: 'continuous' },
  )
  expect(end).toBeUndefined()
})
