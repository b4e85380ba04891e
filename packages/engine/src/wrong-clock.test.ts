import { createHash } from 'node:crypto'
import { defaultTerms, type Span, unreadSpans } from '@cdrstream/core'
import type { Sink } from '@cdrstream/plugin'
import { ProcessClock, VirtualTime } from '@cdrstream-internal/virtual-time'
import { beforeEach, describe, expect, it } from 'vitest'
import { clockedSource } from '../test/support/clocked-source.ts'
import { type MemoryJournal, memoryJournal } from '../test/support/memory-journal.ts'
import { type EngineEnd, startEngine } from './engine.ts'
import type { SinkSetup } from './engine-options.ts'
import type { Journal } from './ports/index.ts'

const startMs = Date.UTC(2026, 8, 24)
const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

let time: VirtualTime
let journal: MemoryJournal
let ids: number

beforeEach(() => {
  time = new VirtualTime(startMs)
  journal = memoryJournal()
  ids = 0
})

interface Start {
  readonly aheadMs: number
  readonly reachMs?: number
  readonly texts?: () => readonly string[]
  readonly answers?: () => boolean
  readonly mode?: 'continuous' | 'once'
  readonly journal?: Journal
  readonly sinks?: readonly SinkSetup[]
  readonly warn?: (message: string) => void
}

/** Starts a collector process whose clock was wrong at startup. */
function start({ aheadMs, reachMs = 11 * hourMs, mode = 'continuous', warn = () => {}, ...rest }: Start) {
  let killed = false
  const clock = new ProcessClock(time, () => killed, aheadMs)
  const { source, read } = clockedSource(time, clock, rest)
  const engine = startEngine({
    orgs: [{ name: 'acme', scope: 'acme', credential: 'acme', source, reachMs }],
    sinks: rest.sinks ?? [],
    terms: defaultTerms,
    platform: {
      clock,
      digest: (text) => createHash('sha256').update(text).digest('hex'),
      newId: () => String(++ids),
    },
    journal: rest.journal ?? journal,
    log: { debug() {}, info() {}, warn, error() {} },
    mode,
  })
  let end: EngineEnd | undefined
  void engine.ended.then((ended) => {
    end = ended
  })
  return {
    read,
    ended: () => end,
    kill: () => {
      killed = true
    },
  }
}

/** Returns how many seconds of the span were never read. */
function missing(fromMs: number, toMs: number, ...reads: readonly (readonly Span[])[]): number {
  const coverage = reads
    .flat()
    .toSorted((a, b) => a.fromSec - b.fromSec)
    .map((span) => ({ ...span, level: 'read' as const }))
  const left = unreadSpans(coverage, { fromSec: fromMs / 1_000, toSec: toMs / 1_000 })
  return left.reduce((sum, { fromSec, toSec }) => sum + toSec - fromSec, 0)
}

describe.each([
  ['right', 0],
  ['5 h ahead', 5 * hourMs],
  ['13 h ahead', 13 * hourMs],
  ['40 days ahead', 40 * dayMs],
  ['5 h behind', -5 * hourMs],
  ['40 days behind', -40 * dayMs],
])('a clock that is %s at the first start', (_, aheadMs) => {
  it('→ everything within the configured reach is read', async () => {
    const { read } = start({ aheadMs })

    await time.passUntil(startMs + 15 * minuteMs)

    expect(missing(startMs - 11 * hourMs + 2_000, startMs + 12 * minuteMs, read)).toBe(0)
  })

  it('→ the durable origin follows the server’s time, even after a crash before the first response', async () => {
    const first = start({ aheadMs, reachMs: 30 * minuteMs, answers: () => false })
    await time.passUntil(startMs + 20 * minuteMs)
    first.kill()
    const second = start({ aheadMs, reachMs: 30 * minuteMs })

    await time.passUntil(startMs + 30 * minuteMs)

    expect(missing(startMs - 29 * minuteMs, startMs + 28 * minuteMs, second.read)).toBe(0)
    const origin = (await journal.progress('acme'))?.originSec ?? 0
    expect(Math.abs(origin * 1_000 - (startMs - 30 * minuteMs))).toBeLessThan(3_000)
  })

  it('→ a run with mode `once` ends after reading everything up to the head', async () => {
    const { read, ended } = start({ aheadMs, reachMs: 30 * minuteMs, mode: 'once' })

    expect(await time.passUntil(startMs + 20 * minuteMs, () => ended() !== undefined)).toBe(true)

    expect(missing(startMs - 29 * minuteMs, startMs - 2 * minuteMs, read)).toBe(0)
  })
})

describe('a clock that was set between two starts', () => {
  /** The same call, corrected repeatedly. Without a Report time, only the acceptance shows the order. */
  const revision = (length: number) => `{"Report ID":"a","Duration":${length}}`

  it.each([
    ['back by 2 days', -2 * dayMs],
    ['back by 3 h', -3 * hourMs],
    ['forward by 40 days', 40 * dayMs],
  ])('%s → acceptance continues and the later revision ranks higher', async (_, stepMs) => {
    const first = start({ aheadMs: 0, reachMs: 5 * minuteMs, texts: () => [revision(1)] })
    await time.passUntil(startMs + 3 * minuteMs)
    first.kill()
    start({ aheadMs: stepMs, texts: () => [revision(2)] })
    await time.passUntil(startMs + 10 * minuteMs)

    const [before, after, ...more] = journal.records
    expect(more).toEqual([])
    expect(after?.rank).toBeGreaterThan(before?.rank ?? Number.POSITIVE_INFINITY)
    expect(after?.acceptedAtMs).toBeGreaterThanOrEqual(before?.acceptedAtMs ?? Number.POSITIVE_INFINITY)
    expect(Math.abs((after?.acceptedAtMs ?? 0) - (startMs + 5 * minuteMs))).toBeLessThan(5 * minuteMs)
    expect(after?.home).toBe('2026-09-24')
  })

  it('far ahead → only records that are old by the server’s time are pruned', async () => {
    const first = start({ aheadMs: 0, reachMs: 5 * minuteMs, texts: () => [revision(1)] })
    await time.passUntil(startMs + 3 * minuteMs)
    first.kill()
    const prunedAtMs: number[] = []
    const watched: Journal = {
      ...journal,
      prune: async (nowMs) => {
        prunedAtMs.push(nowMs)
        return { records: 0, sinkGaps: [] }
      },
    }
    let answers = false
    start({ aheadMs: 500 * dayMs, journal: watched, answers: () => answers })
    await time.passUntil(startMs + 30 * minuteMs)
    expect(prunedAtMs.length).toBeGreaterThan(20)
    answers = true
    await time.passUntil(startMs + 60 * minuteMs)

    expect(Math.max(...prunedAtMs)).toBeLessThanOrEqual(time.nowMs + 1_000)
    expect(Math.max(...prunedAtMs)).toBeGreaterThan(time.nowMs - 2 * minuteMs)
  })
})

it('a clock that is 40 days behind → records that a sink refuses are dated by the server’s time', async () => {
  const refusing: Sink = {
    open: async () => ({
      kind: 'opened',
      session: { write: async () => ({ kind: 'accepted', refused: [{ index: 0, reason: 'too long' }] }) },
    }),
  }
  start({
    aheadMs: -40 * dayMs,
    reachMs: 5 * minuteMs,
    texts: () => ['{"Report ID":"a"}'],
    sinks: [{ name: 'files', sink: refusing, traits: { idempotence: 'key' }, from: 'earliest' }],
  })
  await time.passUntil(startMs + 10 * minuteMs)

  const [refused] = journal.quarantine
  expect(refused?.sink).toBe('files')
  expect(Math.abs((refused?.atMs ?? 0) - startMs)).toBeLessThan(10 * minuteMs)
})

it('a clock that was ahead is corrected before the first response → only the time until the correction is skipped', async () => {
  const first = start({ aheadMs: 5 * hourMs, reachMs: 30 * minuteMs, answers: () => false })
  await time.passUntil(startMs + 2 * minuteMs)
  first.kill()
  const second = start({ aheadMs: 0, reachMs: 30 * minuteMs })

  await time.passUntil(startMs + 12 * minuteMs)

  expect(missing(startMs - 26 * minuteMs, startMs + 10 * minuteMs, second.read)).toBe(0)
})

it('a clock that is a few minutes ahead → no warning on restart', async () => {
  const warnings: string[] = []
  const life = { aheadMs: 5 * minuteMs, warn: (message: string) => warnings.push(message) }
  const first = start(life)
  await time.passUntil(startMs + 15 * minuteMs)
  first.kill()
  await time.passUntil(startMs + 16 * minuteMs)
  const { read } = start(life)
  await time.passUntil(startMs + 30 * minuteMs)
  expect(read.length).toBeGreaterThan(0)
  expect(warnings).toEqual([])
})
