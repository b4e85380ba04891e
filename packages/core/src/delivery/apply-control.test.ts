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

const records = 40

const plans: fc.Arbitrary<WorldPlan> = fc
  .record({
    idempotence: anyIdempotence,
    batchRecords: fc.constantFrom(1, 3, 8, 50),
    poison: fc.array(fc.integer({ min: 1, max: records - 1 }), { maxLength: 2 }),
    reaction: anyReaction,
    buffers: fc.boolean(),
    trouble: anyTrouble,
  })
  .map(({ idempotence, batchRecords, poison, reaction, buffers, trouble }) => ({
    traits: { idempotence, batch: { records: batchRecords }, flushAfterMs: 5_000 },
    keys: Array.from({ length: records }, (_, index) => `k${index}`),
    poison: new Set(poison),
    reaction,
    buffers: buffers && idempotence === 'position',
    trouble,
  }))

function calmPlan(idempotence: 'key' | 'position' | 'none'): WorldPlan {
  return {
    traits: { idempotence, batch: { records: 5 } },
    keys: Array.from({ length: records }, (_, index) => `k${index}`),
    poison: new Set(),
    reaction: 'names-it',
    buffers: false,
    trouble: noTrouble,
  }
}

interface Found {
  readonly poison: number
  readonly batchRecords: number
  readonly again: number
  readonly journalFails: number
}

/** A plan with one record that makes the sink throw, among other trouble. */
function foundPlan(
  idempotence: 'key' | 'position',
  { poison, batchRecords, again, journalFails }: Found,
): WorldPlan {
  return {
    ...calmPlan(idempotence),
    traits: { idempotence, batch: { records: batchRecords }, flushAfterMs: 5_000 },
    poison: new Set([poison]),
    reaction: 'throws',
    trouble: { ...noTrouble, retry: 0.2, throwHalfway: 0.1, timeOut: 0.1, again, journalFails },
  }
}

const offsets = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index)

describe('a replay', () => {
  it('redelivers every record after its start despite failures and crashes, and upholds the law of conservation', () => {
    fc.assert(
      fc.property(plans, fc.integer(), fc.nat(records), fc.nat(200), (plan, seed, after, atStep) => {
        const world = new DeliveryWorld(plan, new Chance(seed))
        world.run(atStep)
        const had = world.through.offset
        const before = world.stored.length
        world.replay(after)
        // A crash before the journal records the replay loses it, so the caller requests it again.
        while (!world.isReplayRecorded) {
          world.run(1)
          if (world.isReplayForgotten) world.replay(after)
        }
        world.run(300)
        world.calm = true
        world.run(3_000)
        world.run(100, true)
        expect(world.violations).toEqual([])
        expect(world.ended).toBe('done')
        const again = new Set(world.stored.slice(before))
        for (const offset of offsets(after + 1, had)) {
          if (!world.quarantine.has(offset)) expect(again).toContain(offset)
        }
        expect(new Set(world.stored).size + world.quarantine.size).toBe(records)
        for (const offset of world.quarantine.keys()) expect([...plan.poison]).toContain(offset)
      }),
      {
        numRuns: 500,
        // Rare: random plans meet them once in some ten thousand runs.
        examples: [
          [foundPlan('key', { poison: 13, batchRecords: 50, again: 0.3, journalFails: 0 }), 1418221689, 0, 6],
          [
            foundPlan('position', { poison: 38, batchRecords: 8, again: 0, journalFails: 0.1 }),
            -1613857083,
            0,
            193,
          ],
        ],
      },
    )
  })

  it('from a position that the sink has not reached changes nothing', () => {
    const world = new DeliveryWorld(calmPlan('key'), new Chance(1))
    world.run(8)
    const { offset } = world.through
    world.replay(offset + 5)
    world.run(500)
    expect(world.stored).toEqual(offsets(1, records))
  })
})

describe('a pause by an operator', () => {
  it.each(['key', 'position', 'none'] as const)(
    'stops writes until the sink is resumed, and loses nothing, with idempotence %s',
    (idempotence) => {
      const world = new DeliveryWorld(calmPlan(idempotence), new Chance(1))
      world.run(6)
      world.control('pause')
      const { writes } = world
      world.run(200)
      expect(world.writes).toBe(writes)
      expect(world.state).toMatchObject({ session: 'closed', trouble: { code: 'paused-by-operator' } })
      world.control('resume')
      expect(world.state.trouble).toBeNull()
      world.run(500)
      expect(new Set(world.stored)).toEqual(new Set(offsets(1, records)))
    },
  )

  it('does not prevent the collector from stopping', () => {
    const world = new DeliveryWorld(calmPlan('key'), new Chance(1))
    world.control('pause')
    world.run(5, true)
    expect(world.ended).toBe('behind')
  })

  it('does not prevent a replay from being recorded', () => {
    const world = new DeliveryWorld(calmPlan('position'), new Chance(1))
    world.run(200)
    world.control('pause')
    world.replay(3)
    world.run(5)
    expect(world.through.offset).toBe(3)
    expect(world.stored).toHaveLength(records)
    world.control('resume')
    world.run(200)
    expect(world.stored.slice(records)).toEqual(offsets(4, records))
  })
})

describe('"retry" by an operator', () => {
  it('calls a sink that is down immediately, without waiting for the next attempt', () => {
    const outage = { toMs: 1_000_000 + 3_600_000, opens: false }
    const world = new DeliveryWorld({ ...calmPlan('key'), outage }, new Chance(1))
    while (world.state.waitUntilMs < world.nowMs + 30_000) world.run(1)
    outage.toMs = 0
    world.control('retry-now')
    const { nowMs } = world
    world.run(2)
    expect(world.nowMs).toBe(nowMs)
    expect(world.state.session).toBe('open')
  })

  it('ends a pause', () => {
    const world = new DeliveryWorld(calmPlan('key'), new Chance(1))
    world.control('pause')
    world.run(10)
    world.control('retry-now')
    world.run(500)
    expect(world.stored).toHaveLength(records)
  })
})
