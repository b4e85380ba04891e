import type { UnservedAs } from '@cdrstream/simulator'
import { afterEach, describe, expect, it } from 'vitest'
import { type HardOptions, type HardWorld, hardTerms, hardWorld, minuteMs, startMs } from './hard-world.ts'

let world: HardWorld | undefined

async function open(options?: HardOptions): Promise<HardWorld> {
  world = await hardWorld(options)
  return world
}

afterEach(async () => {
  await world?.close()
  world = undefined
})

const secondMs = 1_000

describe('a second that the API cannot serve', () => {
  const badMs = startMs - 3 * minuteMs

  async function collect(as: UnservedAs) {
    const world = await open({ recordsPerMinute: 60 })
    world.simulator.cannotServe('acme', { fromMs: badMs, toMs: badMs + secondMs, as })
    await world.run(120 * minuteMs)
    const missing = (await world.missing()).map(({ insertionMs }) => insertionMs)
    const gaps = (await world.gaps()).filter(({ fromMs }) => fromMs > startMs - 45 * minuteMs)
    return { missing, gaps, warnings: world.warnings }
  }

  it.each<UnservedAs>(['server-error', 'malformed', 'cut', 'errors'])(
    'loses only its own records: %s',
    async (as) => {
      const { missing, gaps, warnings } = await collect(as)
      expect(warnings.filter((code) => code === 'seconds-unserved')).toHaveLength(1)
      for (const insertionMs of missing) expect(Math.floor(insertionMs / 1_000) * 1_000).toBe(badMs)
      expect(gaps).toEqual([{ fromMs: badMs, toMs: badMs + secondMs }])
    },
  )

  // The search for the second takes longer with these faults, because each request takes minutes or is first
  // mistaken for a clock problem. The retention of an hour ends it early.
  it.each<UnservedAs>(['endless', 'bad-request', 'hang'])(
    'loses less than a minute of records: %s',
    async (as) => {
      const { missing, gaps } = await collect(as)
      for (const insertionMs of missing) expect(Math.abs(insertionMs - badMs)).toBeLessThan(minuteMs)
      for (const { fromMs, toMs } of gaps) expect(toMs - fromMs).toBeLessThan(minuteMs)
    },
  )

  it('is read when it can be served again', async () => {
    const world = await open({ recordsPerMinute: 60 })
    world.simulator.cannotServe('acme', { fromMs: badMs, toMs: badMs + secondMs, as: 'server-error' })
    await world.run(20 * minuteMs)
    world.simulator.heal()
    await world.run(30 * minuteMs)
    expect(await world.missing()).toEqual([])
  })
})

describe('terms that are tighter than configured', () => {
  const tighter = { ...hardTerms, retentionMs: 55 * minuteMs, maxWindowMs: 5 * minuteMs }

  it('cause a warning and lose only records that are older than the terms allow', async () => {
    const world = await open({ terms: tighter })
    await world.run(120 * minuteMs)
    const missing = await world.missing()
    expect(missing.filter(({ insertionMs }) => insertionMs > startMs - 35 * minuteMs)).toEqual([])
    expect(world.warnings).toContain('terms-tighter')
  })

  it('do not stop collection after an outage', async () => {
    const world = await open({ terms: tighter })
    await world.run(30 * minuteMs)
    await world.pass(90 * minuteMs)
    await world.run(90 * minuteMs)
    const outageEndMs = startMs + 120 * minuteMs
    const missing = await world.missing()
    expect(missing.filter(({ insertionMs }) => insertionMs > outageEndMs - 35 * minuteMs)).toEqual([])
  })
})

describe('no record is lost', () => {
  it.each<[string, HardOptions]>([
    ['if pages can be empty but have a link', { behaviour: { emptyPageShare: 0.3 }, pageSize: 20 }],
    [
      'if the resume time is the end of the window',
      { behaviour: { resumeTime: 'window-end' }, pageSize: 20 },
    ],
    ['if windows take many pages', { recordsPerMinute: 60, pageSize: 20 }],
    [
      'if windows take many pages and cannot be resumed',
      { recordsPerMinute: 40, pageSize: 20, behaviour: { resumeTime: 'absent' } },
    ],
    ['if responses have errors instead of items', { faults: { errors: 0.2 } }],
  ])('%s', async (_, options) => {
    const world = await open(options)
    await world.run(120 * minuteMs)
    expect(await world.missing()).toEqual([])
  })

  it('if records become visible late and the collector runs in mode once, as from cron', async () => {
    const world = await open({ mix: { lagShare: 0.1, lagMaxMs: 20 * minuteMs } })
    for (let runs = 0; runs < 24; runs += 1) {
      expect(await world.run(30 * minuteMs, 'once')).toBe(true)
      await world.pass(5 * minuteMs)
    }
    const missing = await world.missing()
    expect(missing.filter(({ availableMs }) => availableMs < startMs + 60 * minuteMs)).toEqual([])
  })
})

it('a run in mode once ends despite a second that cannot be served', async () => {
  const world = await open({ recordsPerMinute: 60 })
  const badMs = startMs - 25 * minuteMs
  world.simulator.cannotServe('acme', { fromMs: badMs, toMs: badMs + secondMs, as: 'server-error' })
  expect(await world.run(60 * minuteMs, 'once')).toBe(true)
  const missing = await world.missing()
  for (const { insertionMs } of missing) expect(Math.floor(insertionMs / 1_000) * 1_000).toBe(badMs)
})
