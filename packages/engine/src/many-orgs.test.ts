import { coverageEdgeSec, type Terms } from '@cdrstream/core'
import { ProcessClock, VirtualTime } from '@cdrstream-internal/virtual-time'
import { beforeEach, describe, expect, it } from 'vitest'
import { type MemoryJournal, memoryJournal } from '../test/support/memory-journal.ts'
import { type Engine, startEngine } from './engine.ts'
import type { Answer, Source, SourceRequest } from './ports/index.ts'

const startMs = Date.UTC(2026, 8, 24)
const minuteMs = 60_000
/** Everything except the rate is shorter, so that a day of audits takes few requests. */
const terms: Terms = {
  pageSize: 5_000,
  initialRequests: { count: 1, perMs: minuteMs },
  pageRequests: { count: 10, perMs: minuteMs },
  stream: { settleMs: minuteMs, retentionMs: 90 * minuteMs, maxWindowMs: 20 * minuteMs },
}

let time: VirtualTime
let journal: MemoryJournal

beforeEach(() => {
  time = new VirtualTime(startMs)
  journal = memoryJournal()
})

const never = new AbortController().signal
const sleep = (ms: number) => new ProcessClock(time, () => false).sleep(ms, never)

interface Server {
  readonly requests: SourceRequest[]
  readonly source: Source
}

/** Returns a server that takes this long to send the headers and then the body. */
function server({
  headersMs = 0,
  bodyMs = 0,
  answer = () => ({}),
}: {
  readonly headersMs?: number
  readonly bodyMs?: number
  readonly answer?: (request: SourceRequest, index: number) => Partial<Extract<Answer, { kind: 'page' }>>
} = {}): Server {
  const requests: SourceRequest[] = []
  const source: Source = {
    prepare: async () => ({
      kind: 'ready',
      send: async (request, _read, _signal, body) => {
        requests.push(request)
        const index = requests.length - 1
        await sleep(headersMs)
        const answeredAtMs = time.nowMs
        await body?.hold(1_000)
        await sleep(bodyMs)
        await body?.decode()
        const page = { kind: 'page' as const, items: [], next: null, ...answer(request, index) }
        return { ...page, items: [], answeredAtMs, serverDateMs: null, trackingId: null }
      },
    }),
  }
  return { requests, source }
}

function start(servers: readonly Server[], credential: (index: number) => string): Engine {
  let ids = 0
  const log = { debug() {}, info() {}, warn() {}, error() {} }
  return startEngine({
    orgs: servers.map(({ source }, index) => ({
      name: `org-${index}`,
      scope: `org-${index}`,
      credential: credential(index),
      source,
      reachMs: 2 * minuteMs,
    })),
    sinks: [],
    terms,
    platform: {
      clock: new ProcessClock(time, () => false),
      digest: (text) => text,
      newId: () => String(++ids),
    },
    journal,
    log,
    mode: 'continuous',
  })
}

async function lagMs(index: number): Promise<number> {
  const progress = await journal.progress(`org-${index}`)
  if (progress === undefined) return Number.POSITIVE_INFINITY
  return time.nowMs - 1_000 * coverageEdgeSec(progress.coverage, progress.originSec)
}

const own = (index: number) => `credential-${index}`
const shared = () => 'shared'

describe('orgs with credentials of their own', () => {
  it('are all live and audited even if each response takes a long time', async () => {
    const servers = Array.from({ length: 60 }, () => server({ headersMs: 3_000, bodyMs: 3_000 }))
    start(servers, own)
    await time.passUntil(startMs + 150 * minuteMs)
    for (const index of servers.keys()) {
      expect(await lagMs(index)).toBeLessThan(4 * minuteMs)
      const audited = (await journal.progress(`org-${index}`))?.auditedToSec ?? 0
      expect(audited * 1_000).toBeGreaterThan(startMs + 60 * minuteMs)
    }
  })

  it('do not wait for orgs whose servers hang', async () => {
    const hanging = Array.from({ length: 8 }, (_, index) =>
      server(index % 2 === 0 ? { headersMs: 90_000 } : { bodyMs: 90_000 }),
    )
    const servers = [...hanging, ...Array.from({ length: 4 }, () => server({ headersMs: 500 }))]
    start(servers, own)
    for (let minute = 5; minute < 60; minute += 1) {
      await time.passUntil(startMs + minute * minuteMs)
      for (let index = hanging.length; index < servers.length; index += 1)
        expect(await lagMs(index)).toBeLessThan(3 * minuteMs)
    }
  })

  it('keep up with one request per minute each, even with 2,000 orgs', async () => {
    const servers = Array.from({ length: 2_000 }, () => server({ headersMs: 400, bodyMs: 100 }))
    start(servers, own)
    await time.passUntil(startMs + 5 * minuteMs)
    expect(Math.min(...servers.map(({ requests }) => requests.length))).toBeGreaterThanOrEqual(5)
    for (const index of servers.keys()) expect(await lagMs(index)).toBeLessThan(4 * minuteMs)
  })
})

describe('orgs that share a credential', () => {
  it('continue while one of them follows a chain of pages that never ends', async () => {
    const endless = server({
      headersMs: 500,
      answer: (_, index) => ({ next: { query: `page=${index}`, resumeMs: null, totalCount: null } }),
    })
    const others = Array.from({ length: 3 }, () => server({ headersMs: 500 }))
    start([endless, ...others], shared)
    for (let minute = 12; minute < 120; minute += 6) {
      await time.passUntil(startMs + minute * minuteMs)
      for (const index of [1, 2, 3]) expect(await lagMs(index)).toBeLessThan(12 * minuteMs)
    }
  })

  it('also take turns with page requests', async () => {
    const pages = 6
    const long = () =>
      server({
        headersMs: 500,
        answer: (request) => {
          const page = request.kind === 'initial' ? 1 : Number(request.link.split('=')[1])
          return page < pages ? { next: { query: `page=${page + 1}`, resumeMs: null, totalCount: null } } : {}
        },
      })
    const servers = [long(), long(), long()]
    start(servers, shared)
    await time.passUntil(startMs + 60 * minuteMs)
    const windows = servers.map(({ requests }) => requests.filter(({ kind }) => kind === 'initial').length)
    expect(Math.min(...windows)).toBeGreaterThan(12)
    for (const index of servers.keys()) expect(await lagMs(index)).toBeLessThan(9 * minuteMs)
  })
})
