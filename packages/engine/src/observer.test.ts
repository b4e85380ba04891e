import { defaultTerms, wholeMs } from '@cdrstream/core'
import type { OpenOutcome, Sink, WriteOutcome } from '@cdrstream/plugin'
import { ProcessClock, VirtualTime } from '@cdrstream-internal/virtual-time'
import { beforeEach, describe, expect, it } from 'vitest'
import { type MemoryJournal, memoryJournal } from '../test/support/memory-journal.ts'
import { startEngine } from './engine.ts'
import type { EngineOptions } from './engine-options.ts'
import type { Answer, FailedAnswer, Source, SubjectState } from './ports/index.ts'

const startMs = Date.UTC(2026, 8, 24)
const minuteMs = 60_000
const hourMs = 60 * minuteMs

let time: VirtualTime
let journal: MemoryJournal
let states: SubjectState[]
let errors: string[]

beforeEach(() => {
  time = new VirtualTime(startMs)
  journal = memoryJournal()
  states = []
  errors = []
})

function start(more: Partial<EngineOptions>): void {
  startEngine({
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
    observer: { stateChanged: (state) => void states.push(state) },
    ...more,
  })
}

/** Returns what was reported, in order, without repetitions. */
const reported = () =>
  states
    .map(({ state, code }) => (code === null ? state : `${state} ${code}`))
    .filter((state, index, all) => state !== all[index - 1])
const current = () => states.at(-1)
const since = (ms: number) => ms - startMs

type Script = (index: number) => Partial<Answer> & { readonly kind: Answer['kind'] }

const page = { kind: 'page', items: [], next: null } as const
const unsent = { answeredAtMs: null, serverDateMs: null, trackingId: null, status: null, retryAfterMs: null }

/** Returns a source that answers after half a second according to the script. */
function scripted(script: Script, prepare?: () => FailedAnswer | undefined): Source {
  let asked = 0
  const send = async () => {
    await new ProcessClock(time, () => false).sleep(500, new AbortController().signal)
    asked += 1
    const dateMs = Math.floor(time.nowMs / 1_000) * 1_000
    const traceable = { answeredAtMs: time.nowMs, serverDateMs: dateMs, trackingId: null }
    return { ...traceable, ...script(asked - 1) } as Answer<never>
  }
  return { prepare: async () => prepare?.() ?? { kind: 'ready', send } }
}

const orgOf = (source: Source, reachMs: number) => ({
  name: 'acme',
  scope: 'acme',
  credential: 'acme',
  source,
  reachMs,
})

describe('the state of an org', () => {
  const trouble = { status: 503, detail: 'busy', retryAfterMs: null }

  function collect(source: Source, reachMs = 2 * minuteMs, more: Partial<EngineOptions> = {}): void {
    start({ orgs: [orgOf(source, reachMs)], ...more })
  }

  it('is ok after the first page, and is reported only once', async () => {
    collect(scripted(() => page))
    await time.passUntil(startMs + 30 * minuteMs)
    expect(reported()).toEqual(['waiting starting', 'ok'])
    expect(states).toHaveLength(2)
    expect(current()).toMatchObject({
      subject: 'org',
      name: 'acme',
      code: null,
      cause: null,
      nextTryMs: null,
    })
  })

  it('is retrying while the API fails, with the next attempt, and catches up afterwards', async () => {
    const failing = { kind: 'failed', reason: 'unavailable', ...trouble } as const
    collect(scripted((index) => (index > 2 && index < 6 ? failing : page)))
    await time.passUntil(startMs + 4 * minuteMs + 30_000)
    expect(current()).toMatchObject({ state: 'retrying', code: 'unreachable', cause: 'status 503: busy' })
    expect(current()?.nextTryMs).toBeGreaterThan(time.nowMs)
    await time.passUntil(startMs + 20 * minuteMs)
    expect(reported()).toEqual(['waiting starting', 'ok', 'retrying unreachable', 'catching-up', 'ok'])
  })

  it('is paused with a remedy while the API refuses the user', async () => {
    const refused = { kind: 'refused', reason: 'permission', status: 403, detail: 'no role' } as const
    collect(scripted((index) => (index < 2 ? { ...refused, remedy: 'assign the role' } : page)))
    await time.passUntil(startMs + 2 * minuteMs)
    expect(current()).toMatchObject({
      state: 'paused',
      code: 'refused-permission',
      cause: 'status 403: no role',
      remedy: 'assign the role',
    })
    await time.passUntil(startMs + 30 * minuteMs)
    expect(reported()).toEqual(['waiting starting', 'paused refused-permission', 'ok'])
  })

  it('is retrying while no access token is available', async () => {
    let tries = 0
    const failure = { ...unsent, kind: 'failed', reason: 'sign-in', detail: 'no route' } as const
    collect(
      scripted(
        () => page,
        () => {
          tries += 1
          return tries > 3 ? undefined : failure
        },
      ),
    )
    await time.passUntil(startMs + 30 * minuteMs)
    expect(reported()).toEqual(['waiting starting', 'retrying sign-in-failed', 'ok'])
  })

  it('is waiting during a push-back, until the next response', async () => {
    collect(
      scripted((index) => (index === 1 || index === 2 ? { kind: 'limited', retryAfterMs: null } : page)),
    )
    await time.passUntil(startMs + 90_000)
    expect(current()).toMatchObject({ state: 'waiting', code: 'rate-limited' })
    expect(since(current()?.nextTryMs ?? 0)).toBeGreaterThan(minuteMs)
    await time.passUntil(startMs + 10 * minuteMs)
    expect(reported()).toEqual(['waiting starting', 'ok', 'waiting rate-limited', 'ok'])
  })

  it("is paused while the journal's disk is full, and waiting while the journal fails", async () => {
    let failure: 'full' | 'broken' | undefined
    const full = { ...journal, roomBytes: async () => (failure === 'full' ? 0 : 1e9) }
    collect(
      scripted(() => page),
      undefined,
      {
        journal: {
          ...full,
          budget: (credential) =>
            failure === 'broken' ? Promise.reject(new Error('I/O')) : journal.budget(credential),
        },
      },
    )
    await time.passUntil(startMs + 2 * minuteMs)
    failure = 'full'
    await time.passUntil(startMs + 4 * minuteMs)
    expect(current()).toMatchObject({ state: 'paused', code: 'disk-full', remedy: expect.any(String) })
    failure = 'broken'
    await time.passUntil(startMs + 6 * minuteMs)
    expect(current()).toMatchObject({ state: 'waiting', code: 'journal-failed', cause: 'Error: I/O' })
    expect(current()?.nextTryMs).toBeGreaterThan(time.nowMs)
    failure = undefined
    await time.passUntil(startMs + 12 * minuteMs)
    expect(current()).toMatchObject({ state: 'ok' })
  })

  it('never contains a known secret', async () => {
    const failing = { kind: 'failed', reason: 'unavailable', ...trouble, detail: 'canary' } as const
    const words = (text: string) => text.replaceAll('canary', '[secret]')
    collect(
      scripted(() => failing),
      undefined,
      { words },
    )
    await time.passUntil(startMs + minuteMs)
    expect(current()?.cause).toBe('status 503: [secret]')
  })

  it('is catching up while a backlog is read', async () => {
    collect(
      scripted(() => page),
      11 * hourMs,
    )
    await time.passUntil(startMs + 3 * minuteMs)
    expect(current()).toMatchObject({ state: 'catching-up', code: null })
    await time.passUntil(startMs + hourMs)
    expect(reported()).toEqual(['waiting starting', 'catching-up', 'ok'])
  })
})

describe('the state of a sink', () => {
  function append(count: number): void {
    const records = Array.from({ length: count }, (_, index) => ({
      key: `r${journal.records.length + 1 + index}`,
      fingerprint: '',
      rank: 1,
      home: '2026-09-24',
      acceptedAtMs: wholeMs(time.nowMs),
      source: 'stream' as const,
      bytes: Buffer.from('{}'),
    }))
    journal.append('acme', records)
  }

  interface SinkScript {
    readonly write?: () => WriteOutcome
    readonly open?: () => OpenOutcome | undefined
  }

  function deliver({ write, open }: SinkScript, more: Partial<EngineOptions> = {}): void {
    const session = {
      write: async () => write?.() ?? ({ kind: 'accepted' } as const),
      close: async () => {},
    }
    const sink: Sink = { open: async () => open?.() ?? { kind: 'opened', session } }
    const traits = { idempotence: 'key', batch: { records: 10 } } as const
    start({
      orgs: [
        orgOf(
          scripted(() => page),
          2 * minuteMs,
        ),
      ],
      sinks: [{ name: 'search', sink, traits, from: 'earliest' }],
      observer: { stateChanged: (state) => void (state.subject === 'sink' && states.push(state)) },
      ...more,
    })
  }

  const delivering = (ms: number) => time.passUntil(startMs + ms)

  it('is waiting until the sink is first opened, then ok', async () => {
    append(3)
    deliver({})
    await delivering(10 * minuteMs)
    expect(reported()).toEqual(['waiting starting', 'ok'])
    expect(current()).toMatchObject({ subject: 'sink', name: 'search' })
  })

  it('is retrying while the sink asks for retries, with the cause and the next attempt', async () => {
    append(3)
    let writes = 0
    deliver({
      write: () => {
        writes += 1
        return writes > 4 ? { kind: 'accepted' } : { kind: 'retry', cause: new Error('no master') }
      },
    })
    await delivering(1_500)
    expect(current()).toMatchObject({ state: 'retrying', code: 'retrying', cause: 'Error: no master' })
    expect(current()?.nextTryMs).toBeGreaterThan(time.nowMs)
    await delivering(10 * minuteMs)
    expect(reported()).toEqual(['waiting starting', 'ok', 'retrying retrying', 'ok'])
  })

  it('is retrying with a different code while the sink rejects whole batches', async () => {
    append(3)
    deliver({ write: () => ({ kind: 'rejected', reason: 'unknown column' }) })
    await delivering(20_000)
    expect(reported()).toContain('retrying rejecting')
  })

  it('is paused while a person has to act, and catches up afterwards', async () => {
    append(3)
    let failing = true
    deliver({
      open: () => (failing ? { kind: 'failed', code: 'forbidden', remedy: 'grant INSERT' } : undefined),
    })
    await delivering(minuteMs)
    expect(current()).toMatchObject({ state: 'paused', code: 'forbidden', remedy: 'grant INSERT' })
    expect(current()?.nextTryMs).toBeGreaterThan(time.nowMs)
    failing = false
    await delivering(10 * minuteMs)
    expect(reported()).toEqual(['waiting starting', 'paused forbidden', 'ok', 'catching-up', 'ok'])
  })

  it('is waiting while the sink asks for a long wait', async () => {
    append(3)
    let writes = 0
    deliver({
      write: () => {
        writes += 1
        return writes > 1 ? { kind: 'accepted' } : { kind: 'retry', afterMs: 10 * minuteMs }
      },
    })
    await delivering(minuteMs)
    expect(current()).toMatchObject({ state: 'waiting', code: 'retrying' })
    expect(since(current()?.nextTryMs ?? 0)).toBeGreaterThan(9 * minuteMs)
    await delivering(30 * minuteMs)
    expect(current()).toMatchObject({ state: 'ok' })
  })

  it('is catching up while records that were accepted long ago are delivered', async () => {
    append(50)
    await time.passUntil(startMs + hourMs)
    let writes = 0
    deliver({
      write: () => {
        writes += 1
        return writes % 2 === 0 ? { kind: 'accepted' } : { kind: 'accepted', again: [9] }
      },
    })
    await time.passUntil(startMs + 2 * hourMs)
    expect(reported()).toEqual(['waiting starting', 'ok', 'catching-up', 'ok'])
  })

  it('never contains a known secret', async () => {
    append(3)
    deliver(
      { write: () => ({ kind: 'retry', cause: new Error('canary') }) },
      { words: (text) => text.replaceAll('canary', '[secret]') },
    )
    await delivering(minuteMs)
    expect(current()?.cause).toBe('Error: [secret]')
  })

  it('does not affect delivery if the observer throws, which is logged', async () => {
    append(3)
    deliver(
      {},
      {
        observer: {
          stateChanged() {
            throw new Error('observer')
          },
        },
      },
    )
    await delivering(minuteMs)
    expect((await journal.sink('search'))?.acknowledged.offset).toBe(3)
    expect(errors).toContain("the engine's observer failed")
  })
})
