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
    'costs its own records and no others: %s',
    async (as) => {
      const { missing, gaps, warnings } = await collect(as)
      expect(warnings.filter((code) => code === 'seconds-unserved')).toHaveLength(1)
      for (const insertionMs of missing) expect(Math.floor(insertionMs / 1_000) * 1_000).toBe(badMs)
      expect(gaps).toEqual([{ fromMs: badMs, toMs: badMs + secondMs }])
    },
  )

  // Each request of the search takes minutes, or is taken for a matter of the clock first; the hour of
  // retention ends it early.
  it.each<UnservedAs>(['endless', 'bad-request', 'hang'])('costs no more than a minute: %s', async (as) => {
    const { missing, gaps } = await collect(as)
    for (const insertionMs of missing) expect(Math.abs(insertionMs - badMs)).toBeLessThan(minuteMs)
    for (const { fromMs, toMs } of gaps) expect(toMs - fromMs).toBeLessThan(minuteMs)
  })

  it('is read when it is served again', async () => {
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

  it('cost what is older, and nothing else, and are said', async () => {
    const world = await open({ terms: tighter })
    await world.run(120 * minuteMs)
    const missing = await world.missing()
    expect(missing.filter(({ insertionMs }) => insertionMs > startMs - 35 * minuteMs)).toEqual([])
    expect(world.warnings).toContain('terms-tighter')
  })

  it('do not stop what is read after an outage', async () => {
    const world = await open({ terms: tighter })
    await world.run(30 * minuteMs)
    await world.pass(90 * minuteMs)
    await world.run(90 * minuteMs)
    const outageEndMs = startMs + 120 * minuteMs
    const missing = await world.missing()
    expect(missing.filter(({ insertionMs }) => insertionMs > outageEndMs - 35 * minuteMs)).toEqual([])
  })
})

describe('nothing is lost', () => {
  it.each<[string, HardOptions]>([
    ['where pages come empty, with a link', { behaviour: { emptyPageShare: 0.3 }, pageSize: 20 }],
    [
      'where the resume time is the end of the window',
      { behaviour: { resumeTime: 'window-end' }, pageSize: 20 },
    ],
    ['where windows take many pages', { recordsPerMinute: 60, pageSize: 20 }],
    [
      'where windows take many pages and cannot be resumed',
      { recordsPerMinute: 40, pageSize: 20, behaviour: { resumeTime: 'absent' } },
    ],
    ['where answers have errors in place of items', { faults: { errors: 0.2 } }],
  ])('%s', async (_, options) => {
    const world = await open(options)
    await world.run(120 * minuteMs)
    expect(await world.missing()).toEqual([])
  })

  it('with runs of mode once, as from cron, although records become visible late', async () => {
    const world = await open({ mix: { lagShare: 0.1, lagMaxMs: 20 * minuteMs } })
    for (let runs = 0; runs < 24; runs += 1) {
      expect(await world.run(30 * minuteMs, 'once')).toBe(true)
      await world.pass(5 * minuteMs)
    }
    const missing = await world.missing()
    expect(missing.filter(({ availableMs }) => availableMs < startMs + 60 * minuteMs)).toEqual([])
  })
})

it('a run of mode once ends beside a second that cannot be served', async () => {
  const world = await open({ recordsPerMinute: 60 })
  const badMs = startMs - 25 * minuteMs
  world.simulator.cannotServe('acme', { fromMs: badMs, toMs: badMs + secondMs, as: 'server-error' })
  expect(await world.run(60 * minuteMs, 'once')).toBe(true)
  const missing = await world.missing()
  for (const { insertionMs } of missing) expect(Math.floor(insertionMs / 1_000) * 1_000).toBe(badMs)
})
