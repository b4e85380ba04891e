import { Chance } from '@cdrstream-internal/chance'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DeliveryWorld } from '../../test/support/delivery-world.ts'
import {
  anyIdempotence,
  anyReaction,
  anyTrouble,
  noTrouble,
  type WorldPlan,
} from '../../test/support/world-plan.ts'

const plans: fc.Arbitrary<WorldPlan> = fc
  .record({
    idempotence: anyIdempotence,
    revisions: fc.constantFrom('latest' as const, 'all' as const),
    batchRecords: fc.constantFrom(1, 3, 8, 50),
    keys: fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'), { minLength: 1, maxLength: 60 }),
    poison: fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 4 }),
    reaction: anyReaction,
    buffers: fc.boolean(),
    trouble: anyTrouble,
  })
  .map(({ idempotence, revisions, batchRecords, keys, poison, reaction, buffers, trouble }) => ({
    traits: {
      idempotence,
      revisions,
      batch: { records: batchRecords, waitMs: 500 },
      flushAfterMs: 5_000,
    },
    keys,
    // The last record is never bad: without a later record, nothing shows whether a sink that throws works.
    poison: new Set(poison.filter((offset) => offset < keys.length)),
    reaction,
    buffers: buffers && idempotence === 'position',
    trouble,
  }))

describe('delivery under faults and crashes', () => {
  it('keeps each record up to the position in the sink or in quarantine, and ends with only bad records in quarantine', () => {
    fc.assert(
      fc.property(plans, fc.integer(), (plan, seed) => {
        const world = new DeliveryWorld(plan, new Chance(seed))
        world.run(400)
        world.calm = true
        world.run(2_000)
        world.run(100, true)
        expect(world.violations).toEqual([])
        expect(world.ended).toBe('done')
        expect(world.through.offset).toBe(plan.keys.length)
        const latest = shownOffsets(world, plan)
        for (const offset of latest) expect(world.stored).toContain(offset)
        for (const offset of world.quarantine.keys()) expect([...plan.poison]).toContain(offset)
        for (const offset of plan.poison) expect(world.stored).not.toContain(offset)
        if (plan.traits.idempotence === 'position') {
          expect(new Set(world.stored).size).toBe(world.stored.length)
        }
      }),
      { numRuns: 1_000 },
    )
  })
})

const startMs = 1_000_000
const hours = 6 * 3_600_000

const records = 120

function downPlan(idempotence: 'key' | 'position' | 'none', opens: boolean): WorldPlan {
  return {
    traits: { idempotence, batch: { records: 100 } },
    keys: Array.from({ length: records }, (_, index) => `k${index}`),
    poison: new Set(),
    reaction: 'throws',
    buffers: false,
    trouble: noTrouble,
    outage: { toMs: startMs + hours, opens },
  }
}

describe('a sink that is down for hours', () => {
  it.each(['key', 'position', 'none'] as const)(
    'has all records afterwards and none in quarantine, with idempotence %s',
    (idempotence) => {
      for (const opens of [true, false]) {
        const world = new DeliveryWorld(downPlan(idempotence, opens), new Chance(1))
        world.run(60_000)
        expect(world.nowMs).toBeGreaterThan(startMs + hours)
        expect(world.quarantine.size).toBe(0)
        expect(world.stored).toHaveLength(records)
      }
    },
  )

  it.each(['key', 'none'] as const)(
    'has none in quarantine, no matter when it recovers, with idempotence %s',
    (idempotence) => {
      for (let steps = 1; steps < 250; steps += 3) {
        const plan = {
          ...downPlan(idempotence, true),
          outage: undefined,
          trouble: { ...noTrouble, throwHalfway: 1 },
        }
        const world = new DeliveryWorld(plan, new Chance(1))
        world.run(steps)
        world.calm = true
        world.run(2_000)
        expect(world.quarantine.size).toBe(0)
        expect(new Set(world.stored).size).toBe(records)
      }
    },
  )

  it('leaves at most the suspects in quarantine if it stores its position and recovers during the search', () => {
    let largest = 0
    for (let steps = 1; steps < 250; steps += 3) {
      const plan = {
        ...downPlan('position', true),
        outage: undefined,
        trouble: { ...noTrouble, throwHalfway: 1 },
      }
      const world = new DeliveryWorld(plan, new Chance(1))
      world.run(steps)
      world.calm = true
      world.run(600)
      largest = Math.max(largest, world.quarantine.size)
      expect(new Set([...world.stored, ...world.quarantine.keys()]).size).toBe(records)
    }
    expect(largest).toBeLessThanOrEqual(3)
  })
})

describe('a sink that refuses', () => {
  const refusing = (share: number): WorldPlan => ({
    ...downPlan('key', true),
    outage: undefined,
    reaction: 'names-it',
    keys: Array.from({ length: 4_000 }, (_, index) => `k${index}`),
    traits: { idempotence: 'key', batch: { records: 500 } },
    poison: new Set(Array.from({ length: 4_000 }, (_, index) => index + 1).filter((at) => at % 100 < share)),
  })

  it('a few records is not paused', () => {
    const world = new DeliveryWorld(refusing(4), new Chance(1))
    world.run(1_000)
    expect(world.through.offset).toBe(4_000)
    expect(world.quarantine.size).toBe(160)
  })

  it.each(['key', 'position', 'none'] as const)(
    'every record is paused and adds few records to quarantine, with idempotence %s',
    (idempotence) => {
      const plan = refusing(100)
      const world = new DeliveryWorld({ ...plan, traits: { ...plan.traits, idempotence } }, new Chance(1))
      world.run(1_000)
      expect(world.state.trouble).toMatchObject({ code: 'too-many-refused' })
      expect(world.quarantine.size).toBeLessThanOrEqual(50)
    },
  )

  it('every record until it is repaired receives all records within minutes', () => {
    const poison = new Set(refusing(100).poison)
    const world = new DeliveryWorld({ ...refusing(100), poison }, new Chance(1))
    world.run(1_000)
    poison.clear()
    const repairedMs = world.nowMs
    world.run(200)
    expect(world.through.offset).toBe(4_000)
    expect(world.sizes.findLast(() => true)?.atMs ?? 0).toBeLessThan(repairedMs + 310_000)
  })
})

describe('a sink with a buffer that throws on some records', () => {
  it('receives few records twice during the search, because earlier records are made durable first', () => {
    const plan: WorldPlan = {
      ...downPlan('position', true),
      outage: undefined,
      buffers: true,
      traits: { idempotence: 'position', batch: { records: 20 }, flushAfterMs: 60_000 },
      keys: Array.from({ length: 400 }, (_, index) => `k${index}`),
      poison: new Set([90, 230, 390]),
    }
    const world = new DeliveryWorld(plan, new Chance(1))
    world.run(20_000)
    expect([...world.quarantine.keys()]).toEqual([...plan.poison])
    expect(world.sizes.reduce((sum, { records: sent }) => sum + sent, 0)).toBeLessThan(4_000)
  })
})

describe('a batch that takes too long', () => {
  it("is sent in smaller parts, regardless of the sink's answer", () => {
    const slow: WorldPlan = {
      ...downPlan('position', true),
      outage: undefined,
      trouble: { ...noTrouble, timeOut: 1 },
    }
    const world = new DeliveryWorld(slow, new Chance(1))
    world.run(60)
    const sizes = world.sizes.map(({ records }) => records)
    expect(sizes.slice(0, 8)).toEqual([100, 50, 25, 13, 7, 4, 2, 1])
    expect(world.quarantine.size).toBe(0)
  })
})

/** Returns each key's good revision with the highest rank, or all good revisions. */
function shownOffsets(world: DeliveryWorld, plan: WorldPlan): readonly number[] {
  const good = world.records.filter(({ position }) => !plan.poison.has(position.offset))
  if (plan.traits.revisions !== 'latest') return good.map(({ position }) => position.offset)
  const latest = new Map(good.map((record) => [record.key, record.position.offset]))
  return [...latest.values()]
}
