import { type DeliveryEnd, wholeMs } from '@cdrstream/core'
import type {
  Batch,
  CdrRecord,
  Failed,
  OpenCall,
  Position,
  RecordReference,
  Retry,
  Sink,
  SinkSession,
  SinkTraits,
  WriteOutcome,
} from '@cdrstream/plugin'
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
let log: { level: string; message: string; fields: unknown }[]

beforeEach(() => {
  time = new VirtualTime(startMs)
  journal = memoryJournal()
  committed = new Broadcast()
  marks = new MarkBoard(12 * 60 * minuteMs)
  log = []
})

function append(count: number, org = 'acme'): void {
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
  journal.append(org, records)
  committed.notify()
}

type Write = (batch: Batch, attempt: number) => WriteOutcome | Promise<WriteOutcome>

interface SpyOptions extends Omit<Partial<SinkSession>, 'write' | 'close'> {
  /** What `open` returns: a position, or trouble. */
  readonly opens?: (
    call: OpenCall,
  ) => { readonly kind?: never; readonly position?: Position | null } | Retry | Failed
}

/** Returns a sink that records its calls and batches. */
function spy(write: Write, { opens, ...more }: SpyOptions = {}) {
  const calls: string[] = []
  const batches: (readonly string[])[] = []
  let attempts = 0
  const note = (call: string) => calls.push(call)
  const session: SinkSession = {
    ...more,
    async write(batch) {
      note('write')
      batches.push(batch.records.map(({ key }) => key))
      attempts += 1
      return write(batch, attempts)
    },
    async close() {
      note('close')
    },
  }
  const sink: Sink = {
    async open(call) {
      note('open')
      const found = opens?.(call) ?? {}
      return found.kind !== undefined ? found : { kind: 'opened', session, ...found }
    },
  }
  return { sink, calls, batches }
}

const acknowledged = async () => (await journal.sink('spy'))?.acknowledged

interface Run {
  /** Ends the time allowed for a shutdown. */
  expire(): void
  drain(): Promise<DeliveryEnd | undefined>
  end?: DeliveryEnd
}

function run(
  sink: Sink,
  options: { traits?: SinkTraits; mode?: 'once' | 'continuous'; from?: 'earliest' | 'now' | number } = {},
): Run {
  const { traits = { idempotence: 'key' }, mode = 'continuous', from = 'earliest' } = options
  const draining = new AbortController()
  const deadline = new AbortController()
  const noted = (level: string) => (message: string, fields?: unknown) =>
    void log.push({ level, message, fields })
  const running: Run = {
    expire: () => deadline.abort(),
    async drain() {
      draining.abort()
      await time.passUntil(time.nowMs + 30 * minuteMs, () => running.end !== undefined)
      return running.end
    },
  }
  void deliver({
    setup: { name: 'spy', sink, traits, from },
    platform: { clock: new ProcessClock(time, () => false), digest: (text) => text, newId: () => 'id' },
    journal,
    log: { debug: noted('debug'), info: noted('info'), warn: noted('warn'), error: noted('error') },
    mode,
    committed,
    marks,
    time: new JournalClock(new ProcessClock(time, () => false), undefined),
    draining: draining.signal,
    stall: new StallWatch(new ProcessClock(time, () => false), Number.POSITIVE_INFINITY),
    deadline: deadline.signal,
  }).then((end) => {
    running.end = end
  })
  return running
}

const accepted: Write = () => ({ kind: 'accepted' })
const keys = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `r${from + index}`)
const codes = () => log.flatMap(({ fields }) => (fields as { code?: string }).code ?? [])

describe('delivering', () => {
  it('sends the records in the journal and then newly committed ones, and records the position', async () => {
    append(3)
    const { sink, batches } = spy(accepted)
    const running = run(sink)
    await time.passUntil(startMs + 1_000)
    expect(batches).toEqual([keys(1, 3)])
    append(2)
    await time.passUntil(startMs + 2_000)
    expect(batches).toEqual([keys(1, 3), keys(4, 5)])
    expect(await acknowledged()).toEqual(await journal.end())
    expect(await running.drain()).toBe('done')
  })

  it('starts a new sink at its configured start', async () => {
    append(2)
    await time.passUntil(startMs + minuteMs)
    append(2)
    const late = spy(accepted)
    const runs = [run(late.sink, { from: startMs + minuteMs })]
    await time.passUntil(startMs + 2 * minuteMs)
    expect(late.batches).toEqual([keys(3, 4)])
    await Promise.all(runs.map((one) => one.drain()))

    journal = memoryJournal()
    append(2)
    const fresh = spy(accepted)
    const running = run(fresh.sink, { from: 'now' })
    await time.passUntil(time.nowMs + minuteMs)
    append(1)
    await running.drain()
    expect(fresh.batches).toEqual([['r3']])
  })

  it('resumes at the recorded position after a restart', async () => {
    append(3)
    await run(spy(accepted).sink).drain()
    append(2)
    const { sink, batches } = spy(accepted)
    await run(sink).drain()
    expect(batches).toEqual([keys(4, 5)])
  })

  it('sends everything again when the position belongs to another journal', async () => {
    append(3)
    const foreign: Position = { incarnation: 'first', offset: 2, commit: 'of a restored copy' }
    const { sink, batches } = spy(accepted, { opens: () => ({ position: foreign }) })
    await run(sink, { traits: { idempotence: 'position' } }).drain()
    expect(batches).toEqual([keys(1, 3)])
    expect(log.some(({ level }) => level === 'warn')).toBe(true)
  })

  it("keeps batches within the sink's limits", async () => {
    append(5)
    const { sink, batches } = spy(accepted)
    await run(sink, { traits: { idempotence: 'key', batch: { records: 2 } } }).drain()
    expect(batches).toEqual([keys(1, 2), keys(3, 4), ['r5']])
  })

  it('sends only the highest revision of a key to a sink that wants the latest', async () => {
    append(2)
    journal.append('acme', [
      {
        key: 'r1',
        fingerprint: 'b',
        rank: 9,
        home: '2026-09-24',
        acceptedAtMs: wholeMs(startMs),
        source: 'stream',
        bytes: Buffer.from('{}'),
      },
    ])
    const seen: CdrRecord[] = []
    const { sink } = spy((batch) => {
      seen.push(...batch.records)
      return { kind: 'accepted' }
    })
    await run(sink, { traits: { idempotence: 'key', revisions: 'latest' } }).drain()
    expect(seen.map(({ key, rank }) => [key, rank])).toEqual([
      ['r2', 1],
      ['r1', 9],
    ])
  })

  it('immediately sends records that are committed while the journal is being read', async () => {
    append(1)
    const { read } = journal
    let isCommitted = false
    journal = {
      ...journal,
      async read(after, limit) {
        const found = await read(after, limit)
        if (found.records.length === 0 && !isCommitted) {
          isCommitted = true
          append(1)
        }
        return found
      },
    }
    const { sink, batches } = spy(accepted)
    const running = run(sink)
    await time.passUntil(startMs + 1_000)
    expect(batches).toEqual([['r1'], ['r2']])
    await running.drain()
  })

  it('waits for a fuller batch only as long as the sink allows', async () => {
    const { sink, batches } = spy(accepted)
    const running = run(sink, { traits: { idempotence: 'key', batch: { records: 100, waitMs: 10_000 } } })
    append(1)
    await time.passUntil(startMs + 5_000)
    append(1)
    await time.passUntil(startMs + 9_000)
    expect(batches).toEqual([])
    await time.passUntil(startMs + 11_000)
    expect(batches).toEqual([keys(1, 2)])
    await running.drain()
  })
})

describe('when a sink is in trouble', () => {
  it('a retry sends the same batch again after growing waits, and is logged once', async () => {
    append(2)
    const { sink, batches, calls } = spy((_, attempt) =>
      attempt < 5 ? { kind: 'retry' } : { kind: 'accepted' },
    )
    const running = run(sink)
    await time.passUntil(startMs + minuteMs)
    expect(batches).toEqual([1, 2, 3, 4, 5].map(() => keys(1, 2)))
    // An outage may hide that the sink was restored from an older copy.
    expect(calls.filter((call) => call === 'open')).toHaveLength(4)
    expect(codes()).toEqual(['retrying'])
    expect(log.at(-1)?.message).toBe('recovered')
    await running.drain()
  })

  it('a single retry keeps the session', async () => {
    append(2)
    const { sink, calls } = spy((_, attempt) => (attempt < 2 ? { kind: 'retry' } : { kind: 'accepted' }))
    const running = run(sink)
    await time.passUntil(startMs + minuteMs)
    expect(calls.filter((call) => call === 'open')).toHaveLength(1)
    await running.drain()
  })

  it('a sink may set how long to wait', async () => {
    append(1)
    const { sink, batches } = spy((_, attempt) =>
      attempt < 2 ? { kind: 'retry', afterMs: 30_000 } : { kind: 'accepted' },
    )
    run(sink)
    await time.passUntil(startMs + 29_000)
    expect(batches).toHaveLength(1)
    await time.passUntil(startMs + 31_000)
    expect(batches).toHaveLength(2)
  })

  it.each([0, Number.NaN, -5])('a requested wait of %d does not cause a busy loop', async (afterMs) => {
    append(1)
    const { sink, batches } = spy(() => ({ kind: 'retry', afterMs }))
    run(sink)
    await time.passUntil(startMs + 10_000)
    expect(batches.length).toBeLessThanOrEqual(11)
  })

  it('a changed cause is logged again, once', async () => {
    append(1)
    const { sink } = spy((_, attempt) =>
      attempt < 9
        ? { kind: 'retry', cause: new Error(attempt < 4 ? 'refused' : 'no master') }
        : { kind: 'accepted' },
    )
    run(sink)
    await time.passUntil(startMs + 10 * minuteMs)
    const causes = log.flatMap(({ fields }) => (fields as { cause?: string }).cause ?? [])
    expect(causes).toEqual(['Error: refused', 'Error: no master'])
    expect(log.at(-1)?.message).toBe('recovered')
  })

  it('a busy sink that accepts part of each batch is not reported as in trouble', async () => {
    append(40)
    const { sink, batches } = spy((batch) =>
      batch.records.length > 1 ? { kind: 'accepted', through: batch.from, again: [0] } : { kind: 'accepted' },
    )
    run(sink, { traits: { idempotence: 'key', batch: { records: 4 } } })
    await time.passUntil(startMs + 5 * minuteMs)
    expect(batches.length).toBe(20)
    expect(log).toEqual([])
    expect(await acknowledged()).toEqual(await journal.end())
  })

  it('a sink that repeatedly accepts no records of a batch is reported as in trouble', async () => {
    append(2)
    const { sink } = spy((batch, attempt) =>
      attempt < 5 ? { kind: 'accepted', through: batch.from, again: [0, 1] } : { kind: 'accepted' },
    )
    run(sink)
    await time.passUntil(startMs + minuteMs)
    expect(codes()).toEqual(['retrying'])
  })

  it('only the records that the sink asks for are sent again', async () => {
    append(3)
    const { sink, batches } = spy((batch, attempt) =>
      attempt === 1 ? { kind: 'accepted', through: batch.from, again: [1] } : { kind: 'accepted' },
    )
    await run(sink, { mode: 'once' }).drain()
    expect(batches).toEqual([keys(1, 3), ['r2']])
    expect(await acknowledged()).toEqual(await journal.end())
  })

  it('a refused record is put in quarantine, and the others are delivered', async () => {
    append(3)
    const { sink } = spy(() => ({ kind: 'accepted', refused: [{ index: 1, reason: 'too long' }] }))
    await run(sink).drain()
    expect(journal.quarantine).toEqual([
      {
        org: 'acme',
        sink: 'spy',
        reason: 'too long',
        text: '{"Report ID":"r2"}',
        atMs: startMs,
        record: { offset: 2, acceptedAtMs: startMs },
      },
    ])
    expect(await acknowledged()).toEqual(await journal.end())
  })

  it.each(['rejects', 'throws on'] as const)(
    'a record that the sink %s is found, and is the only one in quarantine',
    async (how) => {
      append(40)
      const held = new Set<string>()
      const { sink } = spy((batch) => {
        if (batch.records.some(({ key }) => key === 'r23')) {
          if (how === 'throws on') throw new Error('cannot')
          return { kind: 'rejected', reason: 'one of them' }
        }
        for (const { key } of batch.records) held.add(key)
        return { kind: 'accepted' }
      })
      run(sink)
      await time.passUntil(startMs + 30 * minuteMs)
      expect(journal.quarantine.map(({ text }) => text)).toEqual(['{"Report ID":"r23"}'])
      expect([...held].sort()).toEqual(
        keys(1, 40)
          .filter((key) => key !== 'r23')
          .sort(),
      )
      expect(await acknowledged()).toEqual(await journal.end())
    },
  )

  it('a sink that refuses more than 5 % is paused, and nothing is put in quarantine', async () => {
    append(1_000)
    const { sink } = spy((batch) => ({
      kind: 'accepted',
      refused: batch.records.slice(0, 51).map((_, index) => ({ index, reason: 'no' })),
    }))
    run(sink)
    await time.passUntil(startMs + minuteMs)
    expect(codes()).toEqual(['too-many-refused'])
    expect(journal.quarantine).toEqual([])
    expect((await acknowledged())?.offset).toBe(0)
  })

  it('a failed sink is paused with its remedy and opened again after pauses that grow to five minutes', async () => {
    append(1)
    const { sink, calls } = spy((_, attempt) =>
      attempt === 1 ? { kind: 'failed', code: 'denied', remedy: 'GRANT INSERT' } : { kind: 'accepted' },
    )
    run(sink)
    await time.passUntil(startMs + 9_000)
    expect(calls).toEqual(['open', 'write', 'close'])
    expect(log[0]?.fields).toMatchObject({ code: 'denied', remedy: 'GRANT INSERT' })
    await time.passUntil(startMs + 11_000)
    expect(calls).toEqual(['open', 'write', 'close', 'open', 'write'])
  })

  it('a call that hangs is aborted and counts as failed, and the sink is opened again', async () => {
    append(1)
    const { sink, calls } = spy((_, attempt) =>
      attempt === 1 ? new Promise(() => {}) : { kind: 'accepted' },
    )
    run(sink, { traits: { idempotence: 'key', timeoutMs: 5_000 } })
    await time.passUntil(startMs + 10_000)
    expect(calls).toEqual(['open', 'write', 'close', 'open', 'write'])
  })

  it('a sink that is down at startup is opened repeatedly until it is up, and not written to before', async () => {
    append(2)
    let opened = 0
    const { sink, calls } = spy(accepted, {
      opens: () => {
        opened += 1
        return opened < 4 ? ({ kind: 'retry' } as const) : {}
      },
    })
    run(sink)
    await time.passUntil(startMs + minuteMs)
    expect(calls).toEqual(['open', 'open', 'open', 'open', 'write'])
    expect(codes()).toEqual(['retrying'])
    expect(await acknowledged()).toEqual(await journal.end())
  })

  it('a sink that asks to be reopened is closed first', async () => {
    append(1)
    const { sink, calls } = spy((_, attempt) =>
      attempt === 1 ? { kind: 'retry', reopen: true } : { kind: 'accepted' },
    )
    run(sink)
    await time.passUntil(startMs + minuteMs)
    expect(calls).toEqual(['open', 'write', 'close', 'open', 'write'])
  })

  it('a good revision is written although another revision of its key is refused', async () => {
    append(1)
    const newer = { fingerprint: 'b', rank: 9, home: '2026-09-24', acceptedAtMs: wholeMs(startMs) } as const
    journal.append('acme', [{ ...newer, key: 'r1', source: 'stream', bytes: Buffer.from('{}') }])
    const written: number[] = []
    const { sink } = spy(({ records }) => {
      const refused = [...records.keys()].filter((index) => records[index]?.rank === 9)
      written.push(...records.filter(({ rank }) => rank !== 9).map(({ rank }) => rank))
      return { kind: 'accepted', refused: refused.map((index) => ({ index, reason: 'no' })) }
    })
    await run(sink, { traits: { idempotence: 'key', revisions: 'latest' } }).drain()
    expect(written).toEqual([1])
    expect(journal.quarantine).toHaveLength(1)
    expect(await acknowledged()).toEqual(await journal.end())
  })

  it('a sink that returns no outcome is treated as one that threw', async () => {
    append(1)
    const { sink } = spy((_, attempt) => (attempt === 1 ? (undefined as never) : { kind: 'accepted' }))
    run(sink)
    await time.passUntil(startMs + minuteMs)
    expect(codes()).toEqual(['retrying'])
    expect(await acknowledged()).toEqual(await journal.end())
  })

  it('records accepted in the future do not make a batch wait longer than the sink allows', async () => {
    append(1)
    const ahead = {
      fingerprint: 'b',
      rank: 9,
      home: '2026-09-24',
      acceptedAtMs: wholeMs(startMs + 10 * 86_400_000),
    }
    journal.append('acme', [{ ...ahead, key: 'r9', source: 'stream', bytes: Buffer.from('{}') }])
    run(spy(accepted).sink, { traits: { idempotence: 'key', batch: { waitMs: 10_000 } } })
    await time.passUntil(startMs + 11_000)
    expect(await acknowledged()).toEqual(await journal.end())
  })

  it('a failed sink ends a run with mode once', async () => {
    append(1)
    const { sink } = spy(() => ({ kind: 'failed', code: 'denied', remedy: 'GRANT INSERT' }))
    expect(await run(sink, { mode: 'once' }).drain()).toBe('failed')
  })

  it('a call aborted at the end of a shutdown is not blamed on the sink', async () => {
    append(1)
    const running = run(spy(() => new Promise(() => {})).sink)
    await time.passUntil(startMs + 1_000)
    running.expire()
    expect(await running.drain()).toBe('behind')
    expect(codes()).toEqual([])
  })

  it('a sink that is down does not delay a shutdown', async () => {
    append(1)
    const { sink } = spy(() => ({ kind: 'retry' }))
    const running = run(sink)
    await time.passUntil(startMs + minuteMs)
    const stoppedAtMs = time.nowMs
    expect(await running.drain()).toBe('behind')
    expect(time.nowMs - stoppedAtMs).toBeLessThanOrEqual(1_000)
  })
})

describe('a sink at shutdown', () => {
  const failed: Failed = { kind: 'failed', code: 'index-blocked', remedy: 'remove the block' }

  it.each<[string, () => ReturnType<typeof spy>]>([
    ['it is paused because it does not open', () => spy(accepted, { opens: () => failed })],
    ['it is paused because it cannot be written to', () => spy(() => failed)],
    [
      'it is paused after part of a batch was written',
      () => spy((_, attempt) => (attempt === 1 ? { kind: 'accepted' } : failed)),
    ],
    ['it is being retried', () => spy(() => ({ kind: 'retry' }))],
    [
      'it asks for all records again',
      () => spy(({ from }) => ({ kind: 'accepted', through: from, again: [0] })),
    ],
    ['it throws', () => spy(() => Promise.reject(new Error('fault')))],
  ])('is reported as behind if %s', async (_, make) => {
    for (const [idempotence, waitMs] of [
      ['key', 0],
      ['position', 0],
      ['none', 0],
      ['key', 3 * minuteMs],
    ] as const) {
      time = new VirtualTime(startMs)
      journal = memoryJournal()
      append(3)
      const { sink } = make()
      const running = run(sink, { traits: { idempotence, batch: { records: 1 } } })
      await time.passUntil(startMs + waitMs)
      expect(await running.drain()).toBe('behind')
    }
  })
})

describe('a sink that stores its position', () => {
  /** Returns a sink that buffers and publishes on flush; its position covers what was published. */
  function collector() {
    const published: string[] = []
    let position: Position | null = null
    let collected: string[] = []
    let end: Position | null = null
    const trouble = { throwNext: false }
    const { sink, calls } = spy(
      (batch) => {
        if (end !== null && batch.from.offset !== end.offset) throw new Error('does not follow')
        if (trouble.throwNext) {
          trouble.throwNext = false
          throw new Error('half-way')
        }
        collected.push(...batch.records.map(({ key }) => key))
        end = batch.to
        return { kind: 'accepted', through: position ?? batch.from }
      },
      {
        opens: () => {
          collected = []
          end = position
          return { position }
        },
        flush: async () => {
          calls.push('flush')
          published.push(...collected)
          collected = []
          position = end
          return position === null ? { kind: 'accepted' } : { kind: 'accepted', through: position }
        },
      },
    )
    return { sink, calls, published, trouble }
  }
  const traits: SinkTraits = { idempotence: 'position', flushAfterMs: 60_000 }

  it('is flushed when its oldest record is old enough, and not earlier', async () => {
    const { sink, published } = collector()
    run(sink, { traits })
    append(1)
    await time.passUntil(startMs + 30_000)
    append(1)
    await time.passUntil(startMs + 59_000)
    expect(published).toEqual([])
    await time.passUntil(startMs + 61_000)
    expect(published).toEqual(keys(1, 2))
    expect(await acknowledged()).toEqual(await journal.end())
  })

  it('is flushed before shutdown', async () => {
    const { sink, published } = collector()
    const running = run(sink, { traits })
    append(2)
    await time.passUntil(startMs + 1_000)
    expect(await running.drain()).toBe('done')
    expect(published).toEqual(keys(1, 2))
  })

  it('is opened again after an exception and continues from its own position', async () => {
    const { sink, published, trouble } = collector()
    run(sink, { traits })
    append(2)
    await time.passUntil(startMs + 61_000)
    append(1)
    await time.passUntil(startMs + 62_000)
    trouble.throwNext = true
    append(1)
    await time.passUntil(startMs + 3 * minuteMs)
    expect(published).toEqual(keys(1, 4))
  })
})

/**
 * Returns a sink that writes each batch with its position in one step and can be made to lose everything.
 */
function table(bad: ReadonlySet<string>) {
  const store = { rows: [] as string[], position: null as Position | null, isDown: false }
  const { sink, calls } = spy(
    ({ records, to }) => {
      if (store.isDown) return { kind: 'retry' }
      const refused = [...records.keys()].filter((index) => bad.has(records[index]?.key ?? ''))
      if (refused.length > 0)
        return { kind: 'refused', refused: refused.map((index) => ({ index, reason: 'no' })) }
      store.rows.push(...records.map(({ key }) => key))
      store.position = to
      return { kind: 'accepted' }
    },
    {
      opens: () => ({ position: store.position }),
      holds: async (records: readonly RecordReference[]) =>
        records.map(({ key }) => (store.rows.includes(key) ? 'present' : 'absent')),
    },
  )
  return { sink, calls, store }
}

describe('a sink that stores its position and refuses records', () => {
  const traits: SinkTraits = { idempotence: 'position' }

  it('has the other records, and refused records are in quarantine before the position passes them', async () => {
    append(10)
    const { sink, store } = table(new Set(['r4', 'r10']))
    await run(sink, { traits }).drain()
    expect(store.rows).toEqual(keys(1, 9).filter((key) => key !== 'r4'))
    expect(journal.quarantine.map(({ record }) => record?.offset)).toEqual([4, 10])
    expect(await acknowledged()).toEqual(await journal.end())
  })
})

describe('a sink that was emptied or restored, or is new', () => {
  const traits: SinkTraits = { idempotence: 'position' }

  it('receives everything that the journal still has, and a log line reports it', async () => {
    append(10)
    const { sink, store } = table(new Set())
    await run(sink, { traits }).drain()
    store.rows.length = 0
    await run(sink, { traits }).drain()
    expect(store.rows).toEqual(keys(1, 10))
    expect(log.filter(({ level }) => level === 'warn')).toHaveLength(1)
    await run(sink, { traits }).drain()
    expect(store.rows).toEqual(keys(1, 10))
    expect(log.filter(({ level }) => level === 'warn')).toHaveLength(1)
  })

  it('receives everything that the journal still has, even if the process that found this could not write', async () => {
    append(10)
    const { sink, store } = table(new Set())
    await run(sink, { traits }).drain()
    store.rows.length = 0
    store.isDown = true
    await run(sink, { traits }).drain()
    store.isDown = false
    await run(sink, { traits }).drain()
    expect(store.rows).toEqual(keys(1, 10))
    expect((await journal.sink('spy'))?.witnesses.map(({ kind }) => kind)).toEqual(['first', 'last'])
  })

  it('receives everything after the restored copy again, although its first record is present', async () => {
    const rows = new Set<string>()
    const { sink } = spy(
      ({ records }) => {
        for (const { key } of records) rows.add(key)
        return { kind: 'accepted' }
      },
      { holds: async (records) => records.map(({ key }) => (rows.has(key) ? 'present' : 'absent')) },
    )
    append(3)
    await run(sink).drain()
    append(5)
    await run(sink).drain()
    for (const key of keys(4, 8)) rows.delete(key)
    append(1)
    await run(sink).drain()
    expect([...rows].sort()).toEqual(keys(1, 9))
    expect(log.filter(({ level }) => level === 'warn')).toHaveLength(1)
  })

  it('is reopened and not written to until it reports what it still has', async () => {
    let isKnown = true
    const { sink, batches } = spy(accepted, {
      holds: async (records) => {
        if (!isKnown) throw new Error('no answer')
        return records.map(() => 'present')
      },
    })
    append(1)
    await run(sink).drain()
    isKnown = false
    append(1)
    const running = run(sink)
    await time.passUntil(time.nowMs + 5 * minuteMs)
    expect(batches).toEqual([['r1']])
    isKnown = true
    await time.passUntil(time.nowMs + 2 * minuteMs)
    expect(batches).toEqual([['r1'], ['r2']])
    await running.drain()
  })

  it('with `from: now`, starts where the journal ended at first startup, even if the sink is down for a long time', async () => {
    append(2)
    let isUp = false
    const { sink, batches } = spy(accepted, { opens: () => (isUp ? {} : ({ kind: 'retry' } as const)) })
    const running = run(sink, { from: 'now' })
    await time.passUntil(startMs + minuteMs)
    append(3)
    await time.passUntil(startMs + 48 * 60 * minuteMs)
    isUp = true
    await time.passUntil(time.nowMs + 5 * minuteMs)
    expect(batches).toEqual([keys(3, 5)])
    await running.drain()
  })
})

describe('marks', () => {
  it('are retried after a while when they fail, with one log line', async () => {
    let tries = 0
    const { sink } = spy(accepted, {
      mark: async () => {
        tries += 1
        throw new Error('no such table')
      },
    })
    append(1)
    const covered = { fromSec: 100, toSec: 160, level: 'read' } as const
    const progress = { originSec: 100, coverage: [covered], auditedToSec: 100, deepAtSec: 0, doubts: [] }
    marks.post('acme', progress, 1)
    run(sink)
    await time.passUntil(startMs + 30 * minuteMs)
    expect(tries).toBeLessThan(8)
    expect(codes()).toEqual(['mark-failed'])
  })

  it('are published when everything they cover is durable', async () => {
    const marked: unknown[] = []
    const { sink } = spy(
      (batch, attempt) =>
        attempt === 1 ? { kind: 'retry', afterMs: 30_000 } : { kind: 'accepted', through: batch.to },
      {
        mark: async (given) => {
          marked.push(...given)
        },
      },
    )
    append(2)
    marks.post(
      'acme',
      {
        originSec: 100,
        coverage: [{ fromSec: 100, toSec: 160, level: 'read' }],
        auditedToSec: 100,
        deepAtSec: 0,
        doubts: [],
      },
      2,
    )
    run(sink)
    await time.passUntil(startMs + 20_000)
    expect(marked).toEqual([])
    await time.passUntil(startMs + 40_000)
    expect(marked).toEqual([{ org: 'acme', fromMs: 100_000, completeThroughMs: 160_000, gaps: [] }])
  })
})
