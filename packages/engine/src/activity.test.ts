import { defaultTerms, wholeMs } from '@cdrstream/core'
import type { Sink, WriteOutcome } from '@cdrstream/plugin'
import { ProcessClock, VirtualTime } from '@cdrstream-internal/virtual-time'
import { beforeEach, describe, expect, it } from 'vitest'
import { type MemoryJournal, memoryJournal } from '../test/support/memory-journal.ts'
import { type Engine, startEngine } from './engine.ts'
import type { EngineOptions } from './engine-options.ts'
import type { Answer, CommittedPage, EngineActivity, RefusedRecords, Source } from './ports/index.ts'

const startMs = Date.UTC(2026, 8, 24)
const minuteMs = 60_000
const hourMs = 60 * minuteMs

let time: VirtualTime
let journal: MemoryJournal
let due: Map<string, number>
let pages: CommittedPage[]
let refused: RefusedRecords[]
let gaps: unknown[]
let errors: string[]

beforeEach(() => {
  time = new VirtualTime(startMs)
  journal = memoryJournal()
  due = new Map()
  pages = []
  refused = []
  gaps = []
  errors = []
})

const activity: EngineActivity = {
  loopMoved: ({ subject, name }, dueMs) => void due.set(`${subject} ${name}`, dueMs),
  loopEnded: ({ subject, name }) => void due.delete(`${subject} ${name}`),
  pageCommitted: (page) => void pages.push(page),
  recordsRefused: (records) => void refused.push(records),
  gapFound: (org, spans) => void gaps.push([org, spans]),
}

function start(more: Partial<EngineOptions>): Engine {
  return startEngine({
    orgs: [],
    sinks: [],
    terms: defaultTerms,
    platform: {
      clock: new ProcessClock(time, () => false),
      digest: (text) => text.padEnd(32, '0'),
      newId: () => `id-${Math.random()}`,
    },
    journal,
    log: { debug() {}, info() {}, warn() {}, error: (message) => void errors.push(message) },
    mode: 'continuous',
    activity,
    ...more,
  })
}

/** Returns a source that answers after half a second. */
function sourceOf(answer: () => Partial<Answer> & { readonly kind: Answer['kind'] }) {
  const send = async () => {
    await new ProcessClock(time, () => false).sleep(500, new AbortController().signal)
    const dateMs = Math.floor(time.nowMs / 1_000) * 1_000
    return { answeredAtMs: time.nowMs, serverDateMs: dateMs, trackingId: null, ...answer() } as Answer<never>
  }
  const source: Source = { prepare: async () => ({ kind: 'ready', send }) }
  return { name: 'acme', scope: 'acme', credential: 'acme', source, reachMs: 2 * minuteMs }
}

const page = { kind: 'page', items: [], next: null } as const
const failure = {
  kind: 'failed',
  reason: 'unavailable',
  status: 503,
  detail: '',
  retryAfterMs: null,
} as const

function sinkOf(write: () => WriteOutcome) {
  const session = { write: async () => write() }
  const sink: Sink = { open: async () => ({ kind: 'opened', session }) }
  return { name: 'files', sink, traits: { idempotence: 'key' as const }, from: 'earliest' as const }
}

function append(count: number): void {
  const records = Array.from({ length: count }, (_, index) => ({
    key: `k${index}`,
    fingerprint: `f${index}`,
    rank: index,
    home: '2026-09-24',
    acceptedAtMs: wholeMs(startMs),
    source: 'stream' as const,
    bytes: Buffer.from('{}'),
  }))
  journal.append('acme', records)
}

/** Lets this much time pass, and returns the loops that were overdue in the meantime. */
async function overdueWithin(ms: number): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  const endMs = time.nowMs + ms
  while (time.nowMs < endMs) {
    await time.passUntil(time.nowMs + minuteMs)
    for (const [loop, dueMs] of due) if (dueMs < time.nowMs) found.add(loop)
  }
  return found
}

describe("the engine's activity", () => {
  it('reports loops that work, wait, fail or retry as moving, and omits loops that have ended', async () => {
    append(3)
    let isDown = true
    const engine = start({
      orgs: [sourceOf(() => (isDown ? failure : page))],
      sinks: [sinkOf(() => (isDown ? { kind: 'retry', cause: 'down' } : { kind: 'accepted' }))],
    })
    expect(await overdueWithin(3 * hourMs)).toEqual(new Set())
    isDown = false
    expect(await overdueWithin(3 * hourMs)).toEqual(new Set())
    expect([...due.keys()].toSorted()).toEqual(['org acme', 'sink files'])
    engine.stop()
    await time.passUntil(time.nowMs + minuteMs)
    expect(due.size).toBe(0)
  })

  it('reports a loop as overdue if one of its calls never returns', async () => {
    start({
      orgs: [sourceOf(() => page)],
      sinks: [sinkOf(() => ({ kind: 'accepted' }))],
      journal: { ...journal, read: () => new Promise(() => {}) },
    })
    expect(await overdueWithin(hourMs)).toEqual(new Set(['sink files']))
  })

  it('reports committed pages, and each gap once with its span', async () => {
    let isDown = false
    start({ orgs: [sourceOf(() => (isDown ? failure : page))] })
    await time.passUntil(startMs + 5 * minuteMs)
    expect(pages[0]).toEqual({ org: 'acme', items: 0, records: 0, quarantined: 0 })
    expect(gaps).toEqual([])
    isDown = true
    await time.passUntil(startMs + 13 * hourMs)
    const spans = gaps.flatMap((gap) => (gap as [string, { fromSec: number; toSec: number }[]])[1])
    expect(spans.length).toBeGreaterThan(0)
    for (const [index, { fromSec, toSec }] of spans.entries()) {
      expect(toSec).toBeGreaterThan(fromSec)
      expect(fromSec).toBeGreaterThanOrEqual(spans[index - 1]?.toSec ?? 0)
    }
  })

  it('reports the records that a sink refused, once per batch', async () => {
    append(3)
    const refusals = [0, 2].map((index) => ({ index, reason: `no ${index}` }))
    start({ sinks: [sinkOf(() => ({ kind: 'accepted', refused: refusals }))] })
    await time.passUntil(startMs + 5 * minuteMs)
    expect(refused).toEqual([{ sink: 'files', records: 2, reason: 'no 0' }])
  })

  it('continues all loops if the observer throws', async () => {
    const broken = Object.fromEntries(
      Object.keys(activity).map((key) => [
        key,
        () => {
          throw new Error('broken')
        },
      ]),
    ) as unknown as EngineActivity
    start({ orgs: [sourceOf(() => page)], activity: broken })
    await time.passUntil(startMs + 10 * minuteMs)
    expect(errors).toContain("the engine's observer failed")
    expect((await journal.progress('acme'))?.coverage.length).toBeGreaterThan(0)
  })
})
