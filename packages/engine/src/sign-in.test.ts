import { defaultTerms } from '@cdrstream/core'
import { ProcessClock, VirtualTime } from '@cdrstream-internal/virtual-time'
import { beforeEach, describe, expect, it } from 'vitest'
import { type MemoryJournal, memoryJournal } from '../test/support/memory-journal.ts'
import { type Engine, type EngineEnd, startEngine } from './engine.ts'
import type { EngineOptions } from './engine-options.ts'
import type { FailedAnswer, ReadyRequest, RefusedAnswer, Source } from './ports/index.ts'

const startMs = Date.UTC(2026, 8, 24)
const minuteMs = 60_000

let time: VirtualTime
let journal: MemoryJournal
let warnings: { readonly org: unknown; readonly code: unknown; readonly message: string }[]
let recovered: unknown[]

beforeEach(() => {
  time = new VirtualTime(startMs)
  journal = memoryJournal()
  warnings = []
  recovered = []
})

const unsent = { answeredAtMs: null, serverDateMs: null, trackingId: null, status: 400, detail: '' }
const refused: RefusedAnswer = {
  ...unsent,
  kind: 'refused',
  reason: 'token',
  code: 'refresh-token-refused',
  remedy: 'sign in again',
}
const failed: FailedAnswer = { ...unsent, kind: 'failed', reason: 'sign-in', retryAfterMs: 20_000 }

type Unprepared = RefusedAnswer | FailedAnswer | undefined

/** Returns a source that records when it was prepared and called. */
function sourceOf(prepare: () => Unprepared | Promise<Unprepared>) {
  const prepared: number[] = []
  const asked: number[] = []
  const send: ReadyRequest['send'] = async () => {
    asked.push(time.nowMs)
    await new ProcessClock(time, () => false).sleep(500, new AbortController().signal)
    const answeredAtMs = time.nowMs
    return { kind: 'page', answeredAtMs, serverDateMs: null, trackingId: null, items: [], next: null }
  }
  const source: Source = {
    async prepare() {
      prepared.push(time.nowMs)
      return (await prepare()) ?? { kind: 'ready', send }
    },
  }
  return { source, prepared, asked }
}

function start(orgs: Readonly<Record<string, Source>>, more: Partial<EngineOptions> = {}): Engine {
  return startEngine({
    orgs: Object.entries(orgs).map(([name, source]) => ({
      name,
      scope: name,
      credential: name,
      source,
      reachMs: 2 * minuteMs,
    })),
    sinks: [],
    terms: defaultTerms,
    platform: {
      clock: new ProcessClock(time, () => false),
      digest: (text) => text,
      newId: () => `slot-${Math.random()}`,
    },
    journal,
    log: {
      debug() {},
      info: (message, fields) => void (message === 'recovered' && recovered.push(fields?.org)),
      warn: (message, fields) => void warnings.push({ org: fields?.org, code: fields?.code, message }),
      error() {},
    },
    mode: 'continuous',
    ...more,
  })
}

async function endOf(engine: Engine): Promise<EngineEnd | undefined> {
  let end: EngineEnd | undefined
  void engine.ended.then((ended) => {
    end = ended
  })
  await time.passUntil(time.nowMs + 60 * minuteMs, () => end !== undefined)
  return end
}

describe('an org that cannot sign in', () => {
  it('for a permanent reason is paused with a code and a remedy and retried every five minutes, while other orgs continue', async () => {
    let refuses = true
    const bad = sourceOf(() => (refuses ? refused : undefined))
    const good = sourceOf(() => undefined)
    start({ bad: bad.source, good: good.source })
    await time.passUntil(startMs + 19 * minuteMs)
    expect(warnings).toEqual([{ org: 'bad', code: 'refresh-token-refused', message: 'sign in again' }])
    expect(bad.prepared.length).toBe(4)
    expect(bad.asked).toEqual([])
    expect(good.asked.length).toBeGreaterThan(15)

    refuses = false
    await time.passUntil(startMs + 40 * minuteMs)
    expect(recovered).toEqual(['bad'])
    expect(bad.asked.length).toBeGreaterThan(10)
  })

  it('spends no budget, so it sends a request as soon as it can sign in', async () => {
    let signedInAtMs: number | undefined
    const org = sourceOf(() => {
      if (time.nowMs < startMs + minuteMs) return failed
      signedInAtMs ??= time.nowMs
      return undefined
    })
    start({ org: org.source })
    await time.passUntil(startMs + 10 * minuteMs)
    expect(org.prepared.slice(0, 2)).toEqual([startMs, startMs + 20_000])
    expect(org.asked[0]).toBe(signedInAtMs)
    expect(warnings.map(({ code }) => code)).toEqual(['sign-in-failed'])
    expect(recovered).toEqual(['org'])
  })

  it('because the response is late does not delay other orgs', async () => {
    // More orgs than pages that are decoded at once.
    const slow = Array.from({ length: 5 }, () => sourceOf(() => new Promise<undefined>(() => {})))
    const good = sourceOf(() => undefined)
    const waiting = slow.map(({ source }, number) => [`slow-${number}`, source] as const)
    start({ ...Object.fromEntries(waiting), good: good.source })
    await time.passUntil(startMs + 10 * minuteMs)
    expect(good.asked.length).toBeGreaterThan(8)
  })

  it.each([
    [refused, 'refused'],
    [failed, 'failed'],
  ] as const)('ends mode once if sign-in is $kind', async (answer, end) => {
    const ended = await endOf(start({ org: sourceOf(() => answer).source }, { mode: 'once' }))
    expect(ended?.orgs.get('org')).toBe(end)
  })

  it('because of a bug in its source keeps retrying', async () => {
    let bugs = 3
    const org = sourceOf(() => {
      if (bugs-- > 0) throw new Error('a bug')
      return undefined
    })
    start({ org: org.source })
    await time.passUntil(startMs + 20 * minuteMs)
    expect(org.asked.length).toBeGreaterThan(5)
  })
})

it('a 401 that a different token may fix is retried with the next slot', async () => {
  const asked: number[] = []
  const source: Source = {
    prepare: async () => ({
      kind: 'ready',
      send: async () => {
        asked.push(time.nowMs)
        await new ProcessClock(time, () => false).sleep(500, new AbortController().signal)
        const answered = { answeredAtMs: time.nowMs, serverDateMs: null, trackingId: null }
        return asked.length === 1
          ? { ...answered, kind: 'failed', reason: 'token', status: 401, retryAfterMs: null, detail: '' }
          : { ...answered, kind: 'page', items: [], next: null }
      },
    }),
  }
  start({ org: source })
  await time.passUntil(startMs + 5 * minuteMs)
  expect((asked[1] ?? 0) - (asked[0] ?? 0)).toBeLessThan(1.1 * minuteMs)
  expect(warnings.map(({ code }) => code)).toEqual(['token-ended'])
})
