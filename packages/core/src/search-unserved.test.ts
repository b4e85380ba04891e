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
 * Tests several seconds at once that the API cannot serve: how long it takes until all other seconds are
 * read, and what is lost.
 */

/** The last eleven hours only: in the oldest hour, seconds expire during the search. */
const reachSec = 11 * hour

/** Returns one second in each of `count` equal parts of the last eleven hours. */
const scattered = (count: number) => {
  const partSec = Math.floor(reachSec / count)
  const within = fc.integer({ min: 0, max: partSec - 2 * minute })
  return fc
    .array(within, { minLength: count, maxLength: count })
    .map((offsets) => offsets.map((offset, part) => startSec - reachSec + part * partSec + offset))
}

/** Yields numbers from 0 to 1, always the same for the same seed. */
function* chances(seed: number): Generator<number> {
  let state = Math.imul(seed, 2_654_435_761)
  for (;;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    yield state / 2 ** 32
  }
}

/**
 * How many times a measured bound is tried. The bounds are what the search takes in nearly all worlds, not
 * laws that hold in each. With a different seed every time, a test would occasionally fail for no reason.
 */
const measured = { numRuns: 30, seed: 17 }

function goodSeconds(spans: readonly Span[], bad: readonly number[]): number {
  const length = spans.reduce((sum, { fromSec, toSec }) => sum + toSec - fromSec, 0)
  const within = bad.filter((sec) => spans.some(({ fromSec, toSec }) => fromSec <= sec && sec < toSec))
  return length - new Set(within).size
}

function lostSince(world: World, fromSec: number): readonly Span[] {
  return spansAtLevel(world.progress.coverage, 'gap').filter((gap) => gap.fromSec >= fromSec)
}

function failsSometimes(api: Api, share: number, seed: number): Api {
  const chance = chances(seed)
  return (asked) => (chance.next().value < share ? failed() : api(asked))
}

describe.each([
  [1, 75],
  [2, 120],
  [3, 170],
  [10, 480],
])('%i seconds that cannot be served', (count, maxMinutes) => {
  it(`are found side by side, while all others are read within ${maxMinutes} minutes and the head stays live`, () => {
    fc.assert(
      fc.property(scattered(count), (bad) => {
        const world = new World(cannotServe(bad)).pass(maxMinutes * minute)
        expect(goodSeconds(world.unread(), bad)).toBe(0)
        // The oldest of ten seconds expires while the search for the others continues.
        const lost = goodSeconds(lostSince(world, startSec - reachSec), bad)
        expect(lost).toBeLessThan(count === 10 ? 10 * minute : 1)
        expect(world.longestLagSec(startSec + 15 * minute)).toBeLessThan(12 * minute)
      }),
      measured,
    )
  })
})

describe('the search', () => {
  it('locates a minute that cannot be served, first to within a few seconds, then exactly', () => {
    fc.assert(
      fc.property(scattered(1), ([fromSec = 0]) => {
        const bad = Array.from({ length: 60 }, (_, at) => fromSec + at)
        const world = new World(cannotServe(bad)).pass(2 * hour)
        expect(goodSeconds(world.unread(), bad)).toBeLessThan(2 * minute)
        world.pass(5 * hour)
        expect(goodSeconds(world.unread(), bad)).toBe(0)
        expect(world.longestLagSec(startSec + 15 * minute)).toBeLessThan(12 * minute)
      }),
      measured,
    )
  })

  it('ends although three requests in ten fail for no reason', () => {
    fc.assert(
      fc.property(scattered(2), fc.nat(), (bad, seed) => {
        const world = new World(failsSometimes(cannotServe(bad), 0.3, seed)).pass(8 * hour)
        const old = world.unread().filter(({ fromSec }) => fromSec < startSec)
        expect(goodSeconds(old, bad)).toBeLessThan(5 * minute)
        expect(goodSeconds(lostSince(world, startSec - 9 * hour), bad)).toBeLessThan(5 * minute)
      }),
      measured,
    )
  })

  it.each([
    ['fail', failed()],
    ['are refused', refused],
  ])('continues across restarts every few minutes if windows %s', (_, how) => {
    const bad = [startSec - 9 * hour, startSec - 5 * hour + 1_234, startSec - hour]
    const world = new World(cannotServe(bad, how))
    for (let times = 0; times < 60; times += 1) {
      world.pass(4 * minute)
      world.restart()
    }
    expect(goodSeconds(world.unread(), bad)).toBe(0)
  })
})

describe('an API that serves only windows up to', () => {
  const noLongerThan =
    (lengthSec: number): Api =>
    ({ window }) =>
      window.toSec - window.fromSec > lengthSec ? failed() : served

  it.each([
    ['half an hour', 30 * minute, 2 * hour],
    ['ten minutes', 10 * minute, 5 * hour],
  ])('%s is read in windows of that length', (_, lengthSec, afterSec) => {
    const world = new World(noLongerThan(lengthSec)).pass(afterSec)
    expect(world.unread()).toEqual([])
    expect(goodSeconds(lostSince(world, startSec - 12 * hour + 20 * minute), [])).toBe(0)
    expect(world.longestLagSec(startSec + hour)).toBeLessThan(10 * minute)
  })

  it.each([2 * minute, minute])('%i s makes steady progress, although that is barely enough', (lengthSec) => {
    const world = new World(noLongerThan(lengthSec)).pass(14 * hour)
    expect(world.longestLagSec(startSec + 2 * hour)).toBeLessThan(20 * minute)
    const lost = goodSeconds(lostSince(world, startSec - 12 * hour), [])
    expect(lost).toBeLessThan((lengthSec === minute ? 6 : 1) * hour)
  })

  it('ten minutes, but only for a while, soon gets requests for long windows again', () => {
    let lengthSec = 10 * minute
    const world = new World((asked) => noLongerThan(lengthSec)(asked)).pass(6 * hour)
    lengthSec = 2 * hour
    world.pass(4 * hour)
    expect(world.state.windowLimit).toBeNull()
  })
})
