import { describe, expect, it } from 'vitest'
import {
  easyTerms,
  hourMs,
  type Item,
  iso,
  itemsOf,
  minuteMs,
  readAll,
  secondMs,
  simulate,
  startMs,
} from '../test/support/simulate.ts'
import type { LedgerEntry, RecordMix, SimulatedOrg, SimulatorOptions } from './index.ts'

const plain: RecordMix = {
  insertionDelayMs: 5_000,
  lateShare: 0,
  lateMaxMs: hourMs,
  repeatShare: 0,
  revisionShare: 0,
  twinShare: 0,
  lagShare: 0,
  lagMaxMs: 0,
  strangeShare: 0,
}

function org(recordsPerMinute: SimulatedOrg['recordsPerMinute'], name = 'acme'): SimulatedOrg {
  return { name, token: name === 'acme' ? 'secret' : `token-of-${name}`, recordsPerMinute }
}

function withMix(mix: Partial<RecordMix>, options: Partial<SimulatorOptions> = {}) {
  return simulate({
    orgs: [org(60)],
    mix: { ...plain, ...mix },
    behaviour: { boundaryRepeats: false },
    ...options,
  })
}

/** Returns all ledger entries of two hours of calls, by Report ID. */
function entriesBy(mix: Partial<RecordMix>): ReadonlyMap<string, readonly LedgerEntry[]> {
  const { simulator } = withMix(mix, { orgs: [org(20)] })
  simulator.stopCalls()
  return Map.groupBy(simulator.ledger.entries.values(), ({ reportId }) => reportId ?? '')
}

/** Returns the items from the last hour of calls, in order. */
function lastHour(simulation: ReturnType<typeof simulate>, max = 5_000): readonly Item[] {
  return readAll(simulation, startMs - hourMs, startMs - minuteMs, max).flatMap(itemsOf)
}

describe('records', () => {
  it.each([12, 100, 1_000])('arrive at the configured rate of %i per minute', (rate) => {
    const { simulator } = withMix({}, { orgs: [org(rate)] })
    simulator.stopCalls()
    const perMinute = simulator.ledger.entries.size / 120
    expect(perMinute / rate).toBeGreaterThan(0.9)
    expect(perMinute / rate).toBeLessThan(1.1)
  })

  it('can arrive at a rate that changes over time', () => {
    const middleMs = startMs - hourMs
    const { simulator } = withMix({}, { orgs: [org((atMs) => (atMs < middleMs ? 10 : 100))] })
    simulator.stopCalls()
    const inserted = [...simulator.ledger.entries.values()].map(({ insertionMs }) => insertionMs)
    const before = inserted.filter((ms) => ms < middleMs).length
    expect((inserted.length - before) / before).toBeGreaterThan(7)
    expect((inserted.length - before) / before).toBeLessThan(13)
  })

  it('stop when calls are stopped', () => {
    const { clock, simulator } = withMix({})
    simulator.stopCalls()
    const { size } = simulator.ledger.entries
    clock.ms += hourMs
    simulator.handle({ method: 'GET', url: '/', headers: {} })
    expect(simulator.ledger.entries.size).toBe(size)
  })

  it('are inserted after their Release time, but not in Report time order', () => {
    const simulation = withMix({ lateShare: 0.2 })
    const items = lastHour(simulation)
    const reported = items.map((item) => Date.parse(String(item['Report time'])))
    expect(reported.some((ms, index) => ms < (reported[index - 1] ?? 0))).toBe(true)
    const insertedById = new Map(
      [...simulation.simulator.ledger.entries.values()].map((entry) => [entry.reportId, entry.insertionMs]),
    )
    const delaysMs = items.map(
      (item) => (insertedById.get(String(item['Report ID'])) ?? 0) - Date.parse(String(item['Release time'])),
    )
    expect(Math.min(...delaysMs)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...delaysMs)).toBeLessThanOrEqual(hourMs)
    expect(Math.max(...delaysMs)).toBeGreaterThan(hourMs / 2)
  })

  it('can be late, in the fraction that the mix specifies', () => {
    const simulation = withMix({ lateShare: 0.2 })
    const items = lastHour(simulation)
    const insertedById = new Map(
      [...simulation.simulator.ledger.entries.values()].map((entry) => [entry.reportId, entry.insertionMs]),
    )
    const late = items.filter(
      (item) =>
        (insertedById.get(String(item['Report ID'])) ?? 0) - Date.parse(String(item['Report time'])) > 5_000,
    )
    expect(late.length / items.length).toBeGreaterThan(0.12)
    expect(late.length / items.length).toBeLessThan(0.25)
  })

  it('can be repeated unchanged in the same second or in a later window', () => {
    const count = (mix: Partial<RecordMix>) => {
      const ids = lastHour(withMix(mix)).map((item) => JSON.stringify(item))
      return 1 - new Set(ids).size / ids.length
    }
    expect(count({})).toBe(0)
    expect(count({ twinShare: 0.1 })).toBeCloseTo(0.1, 1)
    expect(count({ repeatShare: 0.3 })).toBeGreaterThan(0.05)
    // The ledger has one content for all of them.
    const entries = [...entriesBy({ twinShare: 0.2, repeatShare: 0.2 }).values()]
    expect(entries.length).toBeGreaterThan(1_000)
    expect(entries.filter(({ length }) => length !== 1)).toEqual([])
  })

  it('can be revised, with the same Report ID and an equal or later Report time', () => {
    const groups = [
      ...Map.groupBy(lastHour(withMix({ revisionShare: 0.5 })), (item) => item['Report ID']).values(),
    ]
    const pairs = groups.filter(({ length }) => length === 2)
    expect(pairs.length).toBeGreaterThan(500)
    const later = pairs.filter(([a, b]) => a?.['Report time'] !== b?.['Report time'])
    expect(pairs.filter(([a, b]) => a?.Duration === b?.Duration)).toEqual([])
    expect(later.length / pairs.length).toBeGreaterThan(0.4)
    expect(later.length / pairs.length).toBeLessThan(0.6)
    const revised = [...entriesBy({ revisionShare: 0.5 }).values()].filter(({ length }) => length === 2)
    expect(revised.length).toBeGreaterThan(500)
    expect(revised.filter(([a, b]) => a?.content === b?.content)).toEqual([])
  })

  it('can become visible long after their insertion', () => {
    const simulation = withMix({ lagShare: 0.5, lagMaxMs: 2 * hourMs })
    const window = [startMs - hourMs, startMs - hourMs + minuteMs] as const
    const before = itemsOf(simulation.ask(...window)).length
    simulation.clock.ms += 2 * hourMs
    const after = itemsOf(simulation.ask(...window)).length
    expect(before / after).toBeGreaterThan(0.5)
    expect(before / after).toBeLessThan(0.9)
  })

  it('can be mixed with items that are not records, which the ledger marks', () => {
    const { simulator, ...simulation } = withMix({ strangeShare: 0.2 })
    const bodies = readAll(simulation, startMs - hourMs, startMs - minuteMs, 5_000).map(({ body }) => body)
    const items: readonly unknown[] = bodies.flatMap((body) => JSON.parse(body).items)
    const kinds = new Set(
      items.map((item) => (item === null ? 'null' : Array.isArray(item) ? 'array' : typeof item)),
    )
    expect(kinds).toEqual(new Set(['object', 'null', 'array', 'string', 'number', 'boolean']))
    for (const strange of [
      '\\u0000',
      '\\ud800',
      '"__proto__"',
      '"A new field"',
      '"Duration":"12"',
      '"Report ID":""',
    ]) {
      expect([strange, bodies.some((body) => body.includes(strange))]).toEqual([strange, true])
    }
    const isRecord = (item: unknown) =>
      typeof item === 'object' && item !== null && !Array.isArray(item) && Object.keys(item).length > 0
    const nonRecords = new Set(items.filter((item) => !isRecord(item)).map((item) => JSON.stringify(item)))
    const inLedger = [...simulator.ledger.entries.values()].filter((entry) => !entry.isRecord)
    expect(nonRecords.size).toBeGreaterThan(100)
    expect(inLedger.length).toBeGreaterThanOrEqual(nonRecords.size)
  })
})

describe('the same seed', () => {
  const mix = { lateShare: 0.1, repeatShare: 0.1, revisionShare: 0.1, twinShare: 0.1, strangeShare: 0.1 }

  it('with the same requests at the same times produces the same bytes', () => {
    const answers = [7, 7, 8].map((seed) => {
      const simulation = withMix(mix, { seed, faults: { 'server-error': 0.2, malformed: 0.2 } })
      return JSON.stringify(
        Array.from({ length: 30 }, () => {
          simulation.clock.ms += 2 * minuteMs
          return simulation.ask(
            simulation.clock.ms - 5 * minuteMs,
            simulation.clock.ms - minuteMs,
            '&max=100',
          )
        }),
      )
    })
    expect(answers[1]).toBe(answers[0])
    expect(answers[2]).not.toBe(answers[0])
  })

  it('produces the same records on every read, regardless of the text cache size', () => {
    const read = (options: Partial<SimulatorOptions>) => {
      const simulation = withMix(mix, options)
      const texts = () => lastHour(simulation, 700).map((item) => JSON.stringify(item))
      return [texts(), texts()]
    }
    const [kept, again] = read({})
    expect(again).toEqual(kept)
    expect(read({ textCacheBytes: 0 })).toEqual([kept, kept])
    expect(read({ textCacheBytes: 100_000 })).toEqual([kept, kept])
  })

  it('produces different records for each org', () => {
    const orgs = [org(600), org(600, 'blue')]
    const { get } = withMix({}, { orgs })
    const window = `startTime=2026-09-24T07:00:00.000Z&endTime=2026-09-24T07:06:00.000Z`
    const ids = ['secret', 'token-of-blue'].map((token) =>
      itemsOf(get(`/v1/cdr_stream?${window}`, token)).map((item) => item['Report ID']),
    )
    expect(ids[0]?.length).toBeGreaterThan(3_000)
    expect(new Set(ids.flat()).size).toBe(ids.flat().length)
    const uuids = ['secret', 'token-of-blue'].map(
      (token) => itemsOf(get(`/v1/cdr_stream?${window}`, token))[0]?.['Org UUID'],
    )
    expect(uuids[0]).not.toBe(uuids[1])
  })
})

describe('expired records', () => {
  it('are dropped, even if there was no request for two days', () => {
    const terms = { ...easyTerms, settleMs: secondMs, retentionMs: 10 * minuteMs }
    const behaviour = { agedLink: 'answered' } as const
    const { clock, simulator, ask } = withMix({}, { orgs: [org(20)], terms, behaviour, sinceMs: startMs })
    clock.ms = startMs + 48 * hourMs
    const lastMs = clock.ms - secondMs
    expect(itemsOf(ask(clock.ms - 10 * minuteMs, lastMs)).length).toBeGreaterThan(100)
    // A link can reach back further than the retention, but nothing is left there.
    const before = clock.ms - hourMs
    const link = `&startTimeForNextFetch=${iso(before)}&orgId=x`
    expect(ask(before, clock.ms - 10 * minuteMs - 2 * secondMs, link).body).toBe('{"items":[]}')
    simulator.stopCalls()
    clock.ms += hourMs
    expect(ask(before, clock.ms - hourMs, link).body).toBe('{"items":[]}')
  })
})
