import { type DeliveryEnd, wholeMs } from '@cdrstream/core'
import type { OpenOutcome, Sink, SinkSession, SinkTraits } from '@cdrstream/plugin'
import { ProcessClock, VirtualTime } from '@cdrstream-internal/virtual-time'
import { beforeEach, describe, expect, it } from 'vitest'
import { type MemoryJournal, memoryJournal } from '../test/support/memory-journal.ts'
import { Broadcast } from './broadcast.ts'
import { deliver } from './deliver-loop.ts'
import { JournalClock } from './journal-clock.ts'
import { MarkBoard } from './mark-board.ts'
import { StallWatch } from './stall-watch.ts'

const startMs = Date.UTC(2026, 8, 24)
const minuteMs = 60_000

let time: VirtualTime
let journal: MemoryJournal
let committed: Broadcast
let marks: MarkBoard
let log: { message: string; code: unknown }[]

beforeEach(() => {
  time = new VirtualTime(startMs)
  journal = memoryJournal()
  committed = new Broadcast()
  marks = new MarkBoard(12 * 60 * minuteMs)
  log = []
})

function append(count: number): void {
  const first = journal.records.length + 1
  const records = Array.from({ length: count }, (_, index) => ({
    key: `r${first + index}`,
    fingerprint: '',
    rank: 1,
    home: '2026-09-24',
    acceptedAtMs: wholeMs(time.nowMs),
    source: 'stream' as const,
    bytes: Buffer.from(`{"Report ID":"r${first + index}"}`),
  }))
  journal.append('acme', records)
  committed.notify()
}

const keys = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `r${from + index}`)

interface Running {
  end?: DeliveryEnd
  stop(options?: { deadlineMs: number }): void
}

function run(
  sink: Sink,
  {
    traits = { idempotence: 'key' },
    mode = 'continuous',
  }: { traits?: SinkTraits; mode?: 'once' | 'continuous' } = {},
): Running {
  const draining = new AbortController()
  const deadline = new AbortController()
  const note = (message: string, fields?: Readonly<{ code?: unknown }>) =>
    void log.push({ message, code: fields?.code })
  const running: Running = {
    stop({ deadlineMs } = { deadlineMs: 10_000 }) {
      draining.abort()
      time.at(time.nowMs + deadlineMs, () => deadline.abort())
    },
  }
  const clock = new ProcessClock(time, () => false)
  void deliver({
    setup: { name: 'sloppy', sink, traits, from: 'earliest' },
    platform: { clock, digest: (text) => text, newId: () => 'id' },
    time: new JournalClock(clock, undefined),
    journal,
    log: { debug: note, info: note, warn: note, error: note },
    mode,
    committed,
    marks,
    draining: draining.signal,
    stall: new StallWatch(new ProcessClock(time, () => false), Number.POSITIVE_INFINITY),
    deadline: deadline.signal,
  }).then((end) => {
    running.end = end
  })
  return running
}

/** Returns any value that a sink written in JavaScript might return, regardless of its type. */
const anything = (answer: unknown) => answer as never

const sinkOf = (session: SinkSession): Sink => ({ open: async () => ({ kind: 'opened', session }) })
const codes = () => log.flatMap(({ code }) => code ?? [])

describe('a sink that', () => {
  it.each([
    ['from another journal', { incarnation: 'other', offset: 1, commit: 'x' }],
    ['between two records', { incarnation: 'first', offset: 1.5, commit: 'first-1' }],
    ['that is not a position', 'end'],
  ])(
    'returns a position %s → is at fault, not the journal, and continues once it answers correctly',
    async (_, through) => {
      append(3)
      let isCorrect = false
      const written: string[] = []
      const session: SinkSession = {
        async write({ records }) {
          written.push(...records.map(({ key }) => key))
          return isCorrect ? { kind: 'accepted' } : anything({ kind: 'accepted', through })
        },
      }
      run(sinkOf(session))
      await time.passUntil(startMs + minuteMs)
      expect(codes()).toEqual(['retrying'])
      expect(journal.quarantine).toEqual([])
      isCorrect = true
      await time.passUntil(startMs + 60 * minuteMs)
      expect((await journal.sink('sloppy'))?.acknowledged).toEqual(await journal.end())
      expect(new Set(written)).toEqual(new Set(keys(1, 3)))
    },
  )

  it('returns an index as a string → does not lose the record', async () => {
    append(3)
    const taken = new Set<string>()
    let attempts = 0
    const session: SinkSession = {
      async write({ records }) {
        attempts += 1
        const isFirst = attempts === 1
        for (const { key } of records.slice(isFirst ? 1 : 0)) taken.add(key)
        return isFirst ? anything({ kind: 'accepted', again: ['0'] }) : { kind: 'accepted' }
      },
    }
    run(sinkOf(session))
    await time.passUntil(startMs + 10 * minuteMs)
    expect(taken).toEqual(new Set(keys(1, 3)))
  })

  it('opens after the engine gave up waiting → has its session closed', async () => {
    append(1)
    const opened: string[] = []
    const closed: string[] = []
    const answers: ((outcome: OpenOutcome) => void)[] = []
    const sink: Sink = {
      open: () =>
        new Promise((resolve) => {
          answers.push(resolve)
        }),
    }
    const session = (name: string): OpenOutcome => {
      opened.push(name)
      return {
        kind: 'opened',
        session: { write: async () => ({ kind: 'accepted' }), close: async () => void closed.push(name) },
      }
    }
    run(sink, { traits: { idempotence: 'key', timeoutMs: 5_000 } })
    await time.passUntil(startMs + minuteMs)
    expect(answers.length).toBeGreaterThan(1)
    answers.at(-1)?.(session('in time'))
    answers[0]?.(session('late'))
    await time.passUntil(startMs + 2 * minuteMs)
    expect(closed).toContain('late')
  })

  it('cannot close its broken connections → is logged once', async () => {
    append(1)
    const session: SinkSession = {
      write: async () => ({ kind: 'retry', reopen: true }),
      close: async () => {
        throw new Error('connection reset')
      },
    }
    run(sinkOf(session))
    await time.passUntil(startMs + 30 * minuteMs)
    expect(codes()).toEqual(['retrying', 'close-failed'])
  })

  it('opens without a session → is at fault, not the journal', async () => {
    append(1)
    run({ open: async () => anything({ kind: 'opened' }) })
    await time.passUntil(startMs + minuteMs)
    expect(codes()).toEqual(['retrying'])
  })

  it("buffers and mixes up commits → has the journal's own position recorded", async () => {
    append(3)
    let batches = 0
    const session: SinkSession = {
      async write({ from, to }) {
        batches += 1
        return {
          kind: 'accepted',
          through: { ...(batches === 1 ? from : to), offset: batches - 1, commit: 'x' },
        }
      },
      flush: async () => ({ kind: 'accepted' }),
    }
    run(sinkOf(session), {
      traits: { idempotence: 'key', batch: { records: 1 }, flushAfterMs: 60 * minuteMs },
    })
    await time.passUntil(startMs + minuteMs)
    expect(batches).toBe(3)
    expect((await journal.sink('sloppy'))?.acknowledged).toEqual(journal.records[1]?.position)
  })

  it.each([
    ['accepted', { refused: 7 }],
    ['accepted', { refused: null }],
    ['accepted', { again: [null] }],
    ['refused', { refused: [undefined] }],
  ])('returns %s with %j → is retried, like one that throws', async (kind, more) => {
    append(1)
    let isCorrect = false
    run(sinkOf({ write: async () => (isCorrect ? { kind: 'accepted' } : anything({ kind, ...more })) }))
    await time.passUntil(startMs + minuteMs)
    expect(codes()).toEqual(['retrying'])
    isCorrect = true
    await time.passUntil(startMs + 30 * minuteMs)
    expect((await journal.sink('sloppy'))?.acknowledged).toEqual(await journal.end())
  })
})

describe('a sink that takes 10 s to throw', () => {
  const timingOut: SinkSession = {
    async write() {
      await new ProcessClock(time, () => false).sleep(10_000, new AbortController().signal)
      throw new Error('connection timed out')
    },
  }

  it.each(['key', 'none', 'position'] as const)(
    'has nothing in quarantine, even if the collector is restarted at any time, with idempotence %s',
    async (idempotence) => {
      append(20)
      const traits: SinkTraits = { idempotence }
      for (let seconds = 120; seconds < 420; seconds += 15) {
        const running = run(sinkOf(timingOut), { traits })
        await time.passUntil(time.nowMs + seconds * 1_000)
        running.stop()
        await time.passUntil(time.nowMs + minuteMs)
        expect(running.end).toBe('behind')
      }
      const taken: string[] = []
      const working: SinkSession = {
        async write({ records }) {
          taken.push(...records.map(({ key }) => key))
          return { kind: 'accepted' }
        },
      }
      run(sinkOf(working), { traits })
      await time.passUntil(time.nowMs + minuteMs)
      expect(taken).toEqual(keys(1, 20))
      expect(journal.quarantine).toEqual([])
    },
  )
})

describe('an unexpected failure', () => {
  const brokenProgress = () => marks.post('acme', {} as never, 0)
  const marking = (counted: () => void): Sink => ({
    async open() {
      counted()
      return { kind: 'opened', session: { write: async () => ({ kind: 'accepted' }), mark: async () => {} } }
    },
  })

  it('ends at the deadline with mode once, because it happens again each time', async () => {
    append(1)
    brokenProgress()
    const once = run(
      marking(() => {}),
      { mode: 'once' },
    )
    once.stop({ deadlineMs: 2 * minuteMs })
    await time.passUntil(startMs + 2 * minuteMs + 1_000)
    expect(once.end).toBe('behind')
    expect(codes()).toEqual(['delivery-failed'])
  })

  it('does not hold up a shutdown', async () => {
    append(1)
    brokenProgress()
    let opened = 0
    const always = run(
      marking(() => {
        opened += 1
      }),
    )
    await time.passUntil(startMs + minuteMs)
    const before = opened
    always.stop()
    await time.passUntil(startMs + minuteMs + 6_000)
    expect(always.end).toBe('behind')
    expect(opened - before).toBeLessThan(3)
  })
})
