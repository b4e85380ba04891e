import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Api,
  cannotServe,
  failed,
  hour,
  minute,
  refused,
  served,
  startSec,
  World,
} from '../test/support/collect-world.ts'
import { type Span, spansAtLevel } from './index.ts'

/**
 * Seconds that the API cannot serve, several at once: how long until all others are read, and what is lost.
 */

/** Of the last eleven hours: in the oldest one, seconds expire while the search goes on. */
const reachSec = 11 * hour

/** Returns one second in each of `count` equal parts of the last eleven hours. */
const scattered = (count: number) => {
  const partSec = Math.floor(reachSec / count)
  const within = fc.integer({ min: 0, max: partSec - 2 * minute })
  return fc
    .array(within, { minLength: count, maxLength: count })
    .map((offsets) => offsets.map((offset, part) => startSec - reachSec + part * partSec + offset))
}

/** Numbers from 0 to 1 that are the same for the same seed. */
function* chances(seed: number): Generator<number> {
  let state = Math.imul(seed, 2_654_435_761)
  for (;;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    yield state / 2 ** 32
  }
}

function goodSeconds(spans: readonly Span[], bad: readonly number[]): number {
  const length = spans.reduce((sum, { fromSec, toSec }) => sum + toSec - fromSec, 0)
  const within = bad.filter((sec) => spans.some(({ fromSec, toSec }) => fromSec <= sec && sec < toSec))
  return length - new Set(within).size
}

function lostSince(world: World, fromSec: number): readonly Span[] {
  return spansAtLevel(world.progress.coverage, 'gap').filter((gap) => gap.fromSec >= fromSec)
}

function failsAtTimes(api: Api, share: number, seed: number): Api {
  const chance = chances(seed)
  return (asked) => (chance.next().value < share ? failed() : api(asked))
}

describe.each([
  [1, 75],
  [2, 120],
  [3, 170],
  [10, 480],
])('%i seconds that cannot be served', (count, mostMinutes) => {
  it(`are found side by side: all others are read within ${mostMinutes} minutes, and the head is live`, () => {
    fc.assert(
      fc.property(scattered(count), (bad) => {
        const world = new World(cannotServe(bad)).pass(mostMinutes * minute)
        expect(goodSeconds(world.unread(), bad)).toBe(0)
        // The oldest of ten expires while the others are searched for.
        const lost = goodSeconds(lostSince(world, startSec - reachSec), bad)
        expect(lost).toBeLessThan(count === 10 ? 10 * minute : 1)
        expect(world.longestLagSec(startSec + 15 * minute)).toBeLessThan(12 * minute)
      }),
      { numRuns: 30 },
    )
  })
})

describe('the search', () => {
  it('finds a minute that cannot be served, to within a few seconds, and then its ends', () => {
    fc.assert(
      fc.property(scattered(1), ([fromSec = 0]) => {
        const bad = Array.from({ length: 60 }, (_, at) => fromSec + at)
        const world = new World(cannotServe(bad)).pass(2 * hour)
        expect(goodSeconds(world.unread(), bad)).toBeLessThan(2 * minute)
        world.pass(5 * hour)
        expect(goodSeconds(world.unread(), bad)).toBe(0)
        expect(world.longestLagSec(startSec + 15 * minute)).toBeLessThan(12 * minute)
      }),
      { numRuns: 30 },
    )
  })

  it('comes to an end although three requests in ten fail for no reason', () => {
    fc.assert(
      fc.property(scattered(2), fc.nat(), (bad, seed) => {
        const world = new World(failsAtTimes(cannotServe(bad), 0.3, seed)).pass(8 * hour)
        const old = world.unread().filter(({ fromSec }) => fromSec < startSec)
        expect(goodSeconds(old, bad)).toBeLessThan(5 * minute)
        expect(goodSeconds(lostSince(world, startSec - 9 * hour), bad)).toBeLessThan(5 * minute)
      }),
      { numRuns: 30 },
    )
  })

  it.each([
    ['fail', failed()],
    ['are refused', refused],
  ])('goes on over restarts every few minutes, where windows %s', (_, how) => {
    const bad = [startSec - 9 * hour, startSec - 5 * hour + 1_234, startSec - hour]
    const world = new World(cannotServe(bad, how))
    for (let times = 0; times < 60; times += 1) {
      world.pass(4 * minute)
      world.restart()
    }
    expect(goodSeconds(world.unread(), bad)).toBe(0)
  })
})

describe('an API that serves no window longer than', () => {
  const noLongerThan =
    (lengthSec: number): Api =>
    ({ window }) =>
      window.toSec - window.fromSec > lengthSec ? failed() : served

  it.each([
    ['half an hour', 30 * minute, 2 * hour],
    ['ten minutes', 10 * minute, 5 * hour],
  ])('%s is read in shorter ones', (_, lengthSec, afterSec) => {
    const world = new World(noLongerThan(lengthSec)).pass(afterSec)
    expect(world.unread()).toEqual([])
    expect(goodSeconds(lostSince(world, startSec - 12 * hour + 20 * minute), [])).toBe(0)
    expect(world.longestLagSec(startSec + hour)).toBeLessThan(10 * minute)
  })

  it.each([2 * minute, minute])(
    '%i s, which is hardly enough, is read, and never stands still',
    (lengthSec) => {
      const world = new World(noLongerThan(lengthSec)).pass(14 * hour)
      expect(world.longestLagSec(startSec + 2 * hour)).toBeLessThan(20 * minute)
      const lost = goodSeconds(lostSince(world, startSec - 12 * hour), [])
      expect(lost).toBeLessThan((lengthSec === minute ? 6 : 1) * hour)
    },
  )

  it('ten minutes for a while is asked for long windows again soon after', () => {
    let lengthSec = 10 * minute
    const world = new World((asked) => noLongerThan(lengthSec)(asked)).pass(6 * hour)
    lengthSec = 2 * hour
    world.pass(4 * hour)
    expect(world.state.windowLimit).toBeNull()
  })
})
