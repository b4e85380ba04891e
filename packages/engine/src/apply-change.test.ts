import { createHash } from 'node:crypto'
import { acceptRecords, defaultTerms, type IdentifiedItem, identifyItem, wholeMs } from '@cdrstream/core'
import type { CdrRecord, Mark, Sink } from '@cdrstream/plugin'
import { ProcessClock, VirtualTime } from '@cdrstream-internal/virtual-time'
import { beforeEach, describe, expect, it } from 'vitest'
import { type MemoryJournal, memoryJournal } from '../test/support/memory-journal.ts'
import type { EngineChange } from './change-queue.ts'
import { type Engine, startEngine } from './engine.ts'
import type { OrgSetup, SinkSetup } from './engine-options.ts'
import type { Source } from './ports/index.ts'

const startMs = Date.UTC(2026, 10, 24)
const secondMs = 1_000
const minuteMs = 60_000
const digest = (text: string) => createHash('sha256').update(text).digest('hex')

let time: VirtualTime
let journal: MemoryJournal
let engine: Engine
/** The initial requests sent. `atMs` is the time since the start of the test. */
let requests: { readonly org: string; readonly atMs: number; isAborted: boolean }[]

beforeEach(() => {
  time = new VirtualTime(startMs)
  journal = memoryJournal()
  requests = []
})

const now = () => time.nowMs - startMs
const passUntil = (ms: number) => time.passUntil(startMs + ms)

function org(name: string, { credential = name, tookMs = secondMs, scope = name } = {}): OrgSetup {
  const clock = new ProcessClock(time, () => false)
  const source: Source = {
    prepare: async () => ({
      kind: 'ready',
      async send(_request, _read, signal) {
        const request = { org: name, atMs: now(), isAborted: false }
        requests.push(request)
        await clock.sleep(tookMs, signal)
        request.isAborted = signal.aborted
        const answered = { serverDateMs: time.nowMs, answeredAtMs: time.nowMs, trackingId: null }
        return { ...answered, kind: 'page', items: [], next: null }
      },
    }),
  }
  return { name, scope, credential, source, reachMs: 10 * minuteMs }
}

interface WatchedSink {
  readonly setup: SinkSetup
  readonly calls: string[]
  readonly records: CdrRecord[]
  readonly marks: Mark[]
}

/** What a sink does in each write before it accepts the records. */
type Writing = (signal: AbortSignal) => Promise<void>

function sink(name: string, writing: Writing = async () => {}): WatchedSink {
  const calls: string[] = []
  const records: CdrRecord[] = []
  const marks: Mark[] = []
  const note = (call: string) => void calls.push(`${call} ${now() / secondMs}`)
  const watched: Sink = {
    async open() {
      note('open')
      return {
        kind: 'opened',
        session: {
          async write(batch, { signal }) {
            await writing(signal)
            records.push(...batch.records)
            // Nothing is durable until the flush.
            return { kind: 'accepted', through: batch.from }
          },
          async flush() {
            note('flush')
            return { kind: 'accepted' }
          },
          async mark(published) {
            marks.push(...published)
          },
          async close() {
            note('close')
          },
        },
      }
    },
  }
  const traits = { idempotence: 'key', batch: { records: 10 }, flushAfterMs: minuteMs } as const
  return { setup: { name, sink: watched, traits, from: 'earliest' }, calls, records, marks }
}

/** Adds records to the journal, as if by an earlier process. */
function fill(count: number): void {
  const items = Array.from({ length: count }, (_, index): IdentifiedItem => {
    const text = JSON.stringify({ 'Report ID': `${index}` })
    const value = JSON.parse(text) as unknown
    return identifyItem({ kind: 'parsed', text, bytes: Buffer.from(text), value }, digest)
  })
  const records = items.filter((item) => item.kind === 'record')
  journal.append('acme', acceptRecords(records, new Map(), 'stream', wholeMs(startMs)))
}

function start(orgs: readonly OrgSetup[], sinks: readonly WatchedSink[]): void {
  let ids = 0
  engine = startEngine({
    orgs,
    sinks: sinks.map(({ setup }) => setup),
    terms: defaultTerms,
    platform: {
      clock: new ProcessClock(time, () => false),
      digest,
      newId: () => {
        ids += 1
        return String(ids)
      },
    },
    journal,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    mode: 'continuous',
  })
}

function apply(
  orgs: readonly OrgSetup[],
  sinks: readonly WatchedSink[],
  beforeStart?: EngineChange['beforeStart'],
): { readonly end: string | undefined; readonly atMs: number | undefined } {
  const applied: { end: string | undefined; atMs: number | undefined } = { end: undefined, atMs: undefined }
  void engine
    .apply({ orgs, sinks: sinks.map(({ setup }) => setup), ...(beforeStart && { beforeStart }) })
    .then((end) => Object.assign(applied, { end, atMs: now() }))
  return applied
}

const hangs: Writing = (signal) =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))))

describe('applying a change', () => {
  it("aborts no unchanged org's requests and closes no unchanged sink's session", async () => {
    const [acme, files] = [org('acme', { tookMs: 20 * secondMs }), sink('files')]
    start([acme, org('blue')], [files, sink('search')])
    await passUntil(10 * secondMs)
    apply([acme, org('blue'), org('cyan')], [files, sink('search'), sink('warehouse')])
    await passUntil(10 * minuteMs)
    const ofAcme = requests.filter((request) => request.org === 'acme')
    expect(ofAcme.length).toBeGreaterThan(5)
    expect(ofAcme.every(({ isAborted }) => !isAborted)).toBe(true)
    expect(files.calls.filter((call) => !call.startsWith('flush'))).toEqual(['open 0'])
  })

  it('keeps within the rate limit when orgs that share a credential are added and removed', async () => {
    const acme = org('acme', { credential: 'shared' })
    start([acme], [])
    await passUntil(5 * minuteMs)
    apply([acme, org('blue', { credential: 'shared' })], [])
    await passUntil(15 * minuteMs)
    apply([acme, org('blue', { credential: 'shared' })], [])
    await passUntil(25 * minuteMs)
    apply([acme], [])
    await passUntil(35 * minuteMs)
    const between = requests.slice(1).map(({ atMs }, index) => atMs - (requests[index]?.atMs ?? 0))
    expect(Math.min(...between)).toBeGreaterThanOrEqual(minuteMs)
    const within = (name: string, from: number, to: number) =>
      requests.filter(({ org: of, atMs }) => of === name && atMs >= from * minuteMs && atMs < to * minuteMs)
    expect(within('acme', 5, 25).length).toBeGreaterThan(7)
    expect(within('blue', 5, 25).length).toBeGreaterThan(7)
    expect(within('blue', 26, 35)).toEqual([])
    expect(within('acme', 26, 35).length).toBeGreaterThan(6)
  })
})

describe('an org', () => {
  it('sends no requests after it is removed, and an added org starts', async () => {
    start([org('acme')], [])
    await passUntil(5 * minuteMs)
    const applied = apply([org('blue')], [])
    await passUntil(10 * minuteMs)
    expect(applied).toEqual({ end: 'applied', atMs: 5 * minuteMs })
    const later = requests.filter(({ atMs }) => atMs > 5 * minuteMs - secondMs).map(({ org: of }) => of)
    expect(new Set(later)).toEqual(new Set(['blue']))
  })

  it('that changes aborts its request and stays within its budget', async () => {
    start([org('acme', { tookMs: 30 * secondMs })], [])
    await passUntil(10 * secondMs)
    for (let second = 10; second < 60; second += 10) {
      apply([org('acme', { tookMs: 30 * secondMs })], [])
      await passUntil((second + 10) * secondMs)
    }
    await passUntil(5 * minuteMs)
    expect(requests[0]?.isAborted).toBe(true)
    const times = requests.map(({ atMs }) => atMs)
    const between = times.slice(1).map((atMs, index) => atMs - (times[index] ?? 0))
    expect(Math.min(...between)).toBeGreaterThanOrEqual(minuteMs)
    expect(times.length).toBeGreaterThan(2)
  })

  it('whose credential is renamed keeps its budget', async () => {
    start([org('acme', { credential: 'one' })], [])
    await passUntil(10 * secondMs)
    apply([org('acme', { credential: 'other' })], [])
    await passUntil(50 * secondMs)
    expect(requests).toHaveLength(1)
    await passUntil(3 * minuteMs)
    expect(requests.length).toBeGreaterThan(1)
  })

  it('is renamed while it is stopped, and its old name receives no more marks', async () => {
    const files = sink('files')
    start([org('acme')], [files])
    await passUntil(5 * minuteMs)
    expect(files.marks.at(-1)?.org).toBe('acme')
    const scopes = journal.scopes
    let sentBefore = 0
    const search = sink('search')
    apply([org('acme-inc', { credential: 'acme' })], [files, search], async () => {
      sentBefore = requests.length
      const renamed = (await scopes()).map((scope) => ({ ...scope, org: 'acme-inc', scope: 'acme-inc' }))
      journal.scopes = async () => renamed
    })
    await passUntil(10 * minuteMs)
    expect(new Set(requests.slice(sentBefore).map(({ org: of }) => of))).toEqual(new Set(['acme-inc']))
    expect(new Set(search.marks.map((mark) => mark.org))).toEqual(new Set(['acme-inc']))
  })

  it('is not started until `beforeStart` succeeds', async () => {
    start([org('acme')], [])
    await passUntil(minuteMs)
    let failures = 3
    const applied = apply([org('blue')], [], async () => {
      failures -= 1
      if (failures > 0) throw new Error('I/O')
    })
    await passUntil(minuteMs + 9 * secondMs)
    expect(requests.some((request) => request.org === 'blue')).toBe(false)
    await passUntil(3 * minuteMs)
    expect(applied.end).toBe('applied')
    expect(requests.some((request) => request.org === 'blue')).toBe(true)
  })
})

describe('a sink', () => {
  it('that is removed is flushed and closed, and resumes from its position when it is added again', async () => {
    fill(25)
    const files = sink('files')
    start([org('acme')], [files])
    await passUntil(10 * secondMs)
    apply([org('acme')], [])
    await passUntil(20 * secondMs)
    expect(files.calls).toEqual(['open 0', 'flush 10', 'close 10'])
    expect(engine.sink('files')).toBeUndefined()
    fill(30)
    apply([org('acme')], [files])
    await passUntil(30 * secondMs)
    expect(engine.sink('files')).toBeDefined()
    expect(files.records.map(({ key }) => key)).toHaveLength(25 + 30)
  })

  it('that is removed while it has a backlog receives only the batch in progress before it stops', async () => {
    fill(1_000)
    const clock = new ProcessClock(time, () => false)
    const slow = sink('slow', (signal) => clock.sleep(3 * secondMs, signal))
    start([org('acme')], [slow])
    await passUntil(4 * secondMs)
    const applied = apply([org('acme')], [])
    await passUntil(minuteMs)
    expect(applied).toMatchObject({ end: 'applied', atMs: 6 * secondMs })
    expect(slow.records).toHaveLength(20)
    expect((await journal.sink('slow'))?.acknowledged.offset).toBe(20)
    apply([org('acme')], [slow])
    await passUntil(10 * minuteMs)
    expect(slow.records.map(({ key }) => key)).toHaveLength(1_000)
  })

  it('that hangs delays new sinks by ten seconds, but does not delay orgs', async () => {
    fill(25)
    // A credential that is already in the journal does not inherit a budget.
    await journal.changeBudget('blue', (budget) => budget)
    start([org('acme')], [sink('stuck', hangs)])
    await passUntil(10 * secondMs)
    const files = sink('files')
    const applied = apply([org('blue')], [files])
    await passUntil(15 * secondMs)
    expect(requests.filter((request) => request.org === 'blue')).toHaveLength(1)
    expect(files.calls).toEqual([])
    await passUntil(30 * secondMs)
    expect(applied).toEqual({ end: 'applied', atMs: 20 * secondMs })
    expect(files.records).toHaveLength(25)
  })

  it('that is replaced under the same name is closed before its successor is opened', async () => {
    fill(25)
    const [before, after] = [sink('files'), sink('files')]
    start([org('acme')], [before])
    await passUntil(10 * secondMs)
    const control = engine.sink('files')
    apply([org('acme')], [after])
    await passUntil(20 * secondMs)
    expect(before.calls.at(-1)).toBe('close 10')
    expect(after.calls[0]).toBe('open 10')
    expect(engine.sink('files')).not.toBe(control)
  })

  it('that is removed no longer prevents the journal from pruning records', async () => {
    const pruned: (readonly string[])[] = []
    const prune = journal.prune
    journal.prune = (nowMs, sinks) => {
      pruned.push(sinks)
      return prune(nowMs, sinks)
    }
    const files = sink('files')
    start([org('acme')], [files, sink('search')])
    await passUntil(90 * secondMs)
    apply([org('acme')], [files])
    await passUntil(3 * minuteMs)
    expect(pruned[0]).toEqual(['files', 'search'])
    expect(pruned.at(-1)).toEqual(['files'])
  })
})

describe('changes', () => {
  it('are applied one at a time, in order', async () => {
    start([org('acme')], [sink('stuck', hangs)])
    fill(5)
    await passUntil(10 * secondMs)
    const [one, two] = [sink('one'), sink('two')]
    const [first, second] = [apply([org('acme')], [one]), apply([org('acme')], [two])]
    await passUntil(minuteMs)
    expect(first.end).toBe('applied')
    expect(second.end).toBe('applied')
    expect([engine.sink('one'), engine.sink('two')]).toEqual([undefined, expect.anything()])
    expect(one.calls).toEqual([])
    expect(two.records).toHaveLength(5)
  })

  it('requested before the loops start are applied after they start', async () => {
    const known = journal.newestAcceptedAtMs
    journal.newestAcceptedAtMs = async () => {
      throw new Error('I/O')
    }
    start([org('acme')], [])
    const applied = apply([org('blue')], [])
    await passUntil(30 * secondMs)
    expect(applied.end).toBeUndefined()
    journal.newestAcceptedAtMs = known
    await passUntil(minuteMs)
    expect(applied.end).toBe('applied')
    expect(requests.at(-1)?.org).toBe('blue')
  })

  it('do not prevent the engine from stopping, and start nothing after the stop', async () => {
    fill(25)
    const [waiting, other] = [sink('waiting'), sink('other')]
    start([org('acme')], [sink('stuck', hangs), other])
    await passUntil(10 * secondMs)
    const [first, second] = [apply([org('blue')], [waiting, other]), apply([org('cyan')], [other])]
    await passUntil(11 * secondMs)
    engine.stop()
    const third = apply([org('acme')], [])
    let endedAtMs: number | undefined
    void engine.ended.then(() => {
      endedAtMs = now()
    })
    await passUntil(5 * minuteMs)
    expect([first.end, second.end, third.end]).toEqual(['stopping', 'stopping', 'stopping'])
    expect(waiting.calls).toEqual([])
    expect(other.calls).toEqual(['open 0', 'flush 11', 'close 11'])
    expect(requests.some((request) => request.org === 'cyan')).toBe(false)
    expect(endedAtMs).toBeLessThan(33 * secondMs)
  })

  it('do not end the engine, even if all orgs are replaced', async () => {
    start([org('acme')], [])
    let hasEnded = false
    void engine.ended.then(() => {
      hasEnded = true
    })
    await passUntil(minuteMs)
    apply([org('blue')], [])
    apply([org('acme')], [])
    await passUntil(10 * minuteMs)
    expect(hasEnded).toBe(false)
    engine.stop()
    await passUntil(11 * minuteMs)
    expect(hasEnded).toBe(true)
  })
})
