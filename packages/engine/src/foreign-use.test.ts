import { defaultTerms } from '@cdrstream/core'
import { ProcessClock, VirtualTime } from '@cdrstream-internal/virtual-time'
import { afterEach, expect, it, vi } from 'vitest'
import { limitedServer } from '../test/support/limited-server.ts'
import { memoryJournal } from '../test/support/memory-journal.ts'
import { startEngine } from './engine.ts'
import type { Answer, Source } from './ports/index.ts'
import { telemetry } from './telemetry.ts'

const startMs = Date.UTC(2026, 8, 24)
const minuteMs = 60_000
const never = new AbortController().signal

afterEach(() => vi.restoreAllMocks())

/**
 * Runs a collector and, for some time, another program that sends requests with the same credential every
 * `everyMs`.
 */
function collectBeside(foreign: { fromMs: number; toMs: number; everyMs: number }) {
  const time = new VirtualTime(startMs)
  const clock = new ProcessClock(time, () => false)
  const journal = memoryJournal()
  // Refused requests count: while another program sends requests every few seconds, no request succeeds.
  const server = limitedServer(time, { rateLimit: 'sliding', refusedCount: true })
  const askedAtMs: number[] = []
  const source: Source = {
    prepare: async () => ({
      kind: 'ready',
      send: async (request) => {
        if (request.kind === 'initial') askedAtMs.push(time.nowMs - startMs)
        await clock.sleep(200, never)
        const limited = server.arrive(request.kind)
        await clock.sleep(200, never)
        const answered = { answeredAtMs: time.nowMs, serverDateMs: null, trackingId: null }
        return limited
          ? { ...answered, kind: 'limited', retryAfterMs: 1_000 }
          : ({ ...answered, kind: 'page', items: [], next: null } satisfies Answer<never>)
      },
    }),
  }
  for (let atMs = foreign.fromMs; atMs < foreign.toMs; atMs += foreign.everyMs)
    time.at(startMs + atMs, () => void server.arrive('initial'))
  const log: { readonly message: string; readonly code: unknown }[] = []
  const note = (message: string, fields: Readonly<Record<string, unknown>> = {}) =>
    void log.push({ message, code: fields.code ?? fields.was })
  let ids = 0
  startEngine({
    orgs: [{ name: 'acme', scope: 'acme', credential: 'acme', source, reachMs: 2 * minuteMs }],
    sinks: [],
    terms: defaultTerms,
    platform: { clock, digest: (text) => text, newId: () => String(++ids) },
    journal,
    log: { debug() {}, info: note, warn: note, error: note },
    mode: 'continuous',
  })
  return {
    passMinutes: (minutes: number) => time.passUntil(startMs + minutes * minuteMs),
    askedBetween: (fromMinute: number, toMinute: number) =>
      askedAtMs.filter((atMs) => atMs >= fromMinute * minuteMs && atMs < toMinute * minuteMs),
    budget: () => journal.budget('acme'),
    logged: () => log.filter(({ code }) => code === 'credential-shared').map(({ message }) => message),
  }
}

it('another user of the credential is detected after three 429 responses, slows down collection, and is forgotten after a quiet period', async () => {
  const gauge = vi.spyOn(telemetry.credentialShared, 'record')
  const beside = collectBeside({ fromMs: 10 * minuteMs, toMs: 60 * minuteMs, everyMs: 20_000 })
  await beside.passMinutes(10)
  expect(beside.askedBetween(0, 10).length).toBeGreaterThanOrEqual(9)
  expect((await beside.budget()).foreignUse).toBeUndefined()

  await beside.passMinutes(60)
  const { foreignUse } = await beside.budget()
  expect(foreignUse?.sinceMs).toBeGreaterThan(startMs + 12 * minuteMs)
  expect(foreignUse?.sinceMs).toBeLessThan(startMs + 20 * minuteMs)
  expect(beside.logged()).toHaveLength(1)
  expect(gauge).toHaveBeenLastCalledWith(1, { org: 'acme' })
  const slow = beside.askedBetween(20, 60)
  const pausesMs = slow.slice(1).map((atMs, at) => atMs - (slow[at] ?? 0))
  expect(Math.min(...pausesMs)).toBeGreaterThanOrEqual(2 * minuteMs)

  await beside.passMinutes(80)
  expect((await beside.budget()).foreignUse).toBeUndefined()
  expect(beside.logged()).toHaveLength(2)
  expect(gauge).toHaveBeenLastCalledWith(0, { org: 'acme' })
  expect(beside.askedBetween(70, 80).length).toBeGreaterThanOrEqual(9)
})

it('an occasional 429 does not indicate another user', async () => {
  const beside = collectBeside({ fromMs: 5 * minuteMs, toMs: 60 * minuteMs, everyMs: 10 * minuteMs })
  await beside.passMinutes(60)
  expect((await beside.budget()).foreignUse).toBeUndefined()
  expect(beside.logged()).toEqual([])
})
