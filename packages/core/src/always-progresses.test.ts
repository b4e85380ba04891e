import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Api,
  cannotServe,
  failed,
  hour,
  minute,
  overlaps,
  page,
  refused,
  served,
  span,
  startSec,
  World,
} from '../test/support/collect-world.ts'
import { coverageFrontierSec, type Span, spansAtLevel, type Terms } from './index.ts'

/** Runs all decisions together, against an API that cannot serve some seconds but serves everything else. */

const seconds = (spans: readonly Span[]) =>
  spans.reduce((sum, { fromSec, toSec }) => sum + toSec - fromSec, 0)

describe.each([
  ['fails', failed()],
  ['takes too long', failed('size')],
  ['is refused', refused],
] as const)('a second that %s', (_, how) => {
  const bad = startSec - 5 * hour + 1_234

  it('is found within 75 minutes among twelve hours of records, and everything else is read', () => {
    const world = new World(cannotServe([bad], how)).pass(75 * minute)
    expect(world.unread()).toEqual([span(bad, 1)])
    expect(world.longestLagSec(startSec + 10 * minute)).toBeLessThan(12 * minute)
  })

  it('never counts as complete, and is the only gap once it has expired', () => {
    const world = new World(cannotServe([bad], how)).pass(5 * hour)
    const { coverage, originSec } = world.progress
    expect(coverageFrontierSec(coverage, originSec)).toBe(bad)
    world.pass(4 * hour)
    expect(spansAtLevel(world.progress.coverage, 'gap')).toEqual([span(bad, 1)])
    expect(world.longestLagSec(startSec + hour)).toBeLessThan((how.kind === 'refused' ? 10 : 6) * minute)
    expect(world.progress.unserved).toEqual([])
  })

  it('is read as soon as the API serves it again', () => {
    let isBad = true
    const world = new World((asked) => (isBad ? cannotServe([bad], how)(asked) : served)).pass(3 * hour)
    isBad = false
    world.pass(61 * minute)
    expect(world.unread()).toEqual([])
    expect(spansAtLevel(world.progress.coverage, 'gap')).toEqual([])
  })

  it('near the head does not prevent later seconds from being read', () => {
    const bad = startSec + hour
    const world = new World(cannotServe([bad], how), { reachSec: 120 }).pass(3 * hour)
    expect(world.unread()).toEqual([span(bad, 1)])
    // The server's clock may be the cause of a refusal, and is checked first.
    expect(world.longestLagSec(startSec)).toBeLessThan((how.kind === 'refused' ? 25 : 6) * minute)
  })
})

describe('a second that was read and can no longer be served', () => {
  const bad = startSec - 20
  const badFrom =
    (fromSec: number): Api =>
    (asked) =>
      asked.nowSec >= fromSec ? cannotServe([bad])(asked) : served

  it('does not stop the head, whose look-back includes it, and is doubtful', () => {
    const world = new World(badFrom(startSec + 10 * minute), { reachSec: 120 }).pass(3 * hour)
    expect(spansAtLevel(world.progress.coverage, 'doubtful')).toEqual([span(bad, 1)])
    expect(world.longestLagSec(startSec + minute)).toBeLessThan(6 * minute)
    expect(world.unread()).toEqual([])
  })

  it('does not stop the audit', () => {
    const world = new World(badFrom(startSec + 3 * hour), { reachSec: 120 }).pass(15 * hour)
    expect(spansAtLevel(world.progress.coverage, 'gap')).toEqual([])
    expect(world.progress.auditedToSec).toBeGreaterThan(startSec + 2 * hour)
    const notFinal = world.progress.coverage.filter(
      ({ level, toSec }) => level !== 'final' && toSec < startSec + 2 * hour,
    )
    expect(seconds(notFinal)).toBeLessThan(2 * hour)
    expect(world.longestLagSec(startSec + minute)).toBeLessThan(6 * minute)
  })
})

describe('seconds that the API cannot serve', () => {
  it('cost only a few requests if they form a run', () => {
    const run = Array.from({ length: 60 }, (_, at) => startSec - 5 * hour + 1_000 + at)
    const world = new World(cannotServe(run)).pass(2 * hour)
    expect(seconds(world.unread())).toBeLessThan(2 * 60)
    world.pass(6.9 * hour)
    expect(seconds(spansAtLevel(world.progress.coverage, 'gap'))).toBeLessThanOrEqual(62)
  })

  it('are remembered across restarts: the search does not start over', () => {
    const bad = startSec - 5 * hour + 1_234
    const world = new World(cannotServe([bad]))
    for (let times = 0; times < 20; times += 1) {
      world.pass(5 * minute)
      world.restart()
    }
    expect(world.unread()).toEqual([span(bad, 1)])
  })

  it('are the only loss wherever they are, and the head stays live', () => {
    const terms: Terms = {
      pageSize: 5_000,
      initialRequests: { count: 1, perMs: 1_000 },
      pageRequests: { count: 10, perMs: 1_000 },
      stream: { settleMs: 1_000, retentionMs: 720_000, maxWindowMs: 120_000 },
    }
    const bad = fc.array(fc.tuple(fc.integer({ min: -500, max: 300 }), fc.integer({ min: 1, max: 4 })), {
      maxLength: 4,
    })
    fc.assert(
      fc.property(bad, (runs) => {
        const bad = runs.flatMap(([at, length]) => Array.from({ length }, (_, more) => startSec + at + more))
        const world = new World(cannotServe(bad), { terms, reachSec: 650 }).pass(1_100)
        const lost = spansAtLevel(world.progress.coverage, 'gap').filter(
          ({ fromSec }) => fromSec >= startSec - 640,
        )
        for (const gap of lost)
          for (let sec = gap.fromSec; sec < gap.toSec; sec += 1) expect(bad).toContain(sec)
      }),
      { numRuns: 100 },
    )
  })
})

describe('a long chain of pages', () => {
  const bad = startSec - 5 * hour + 1_234
  const endless =
    (seconds: readonly number[]): Api =>
    ({ window, page: number }) =>
      overlaps(window, seconds) ? page(number) : served

  it('is abandoned if it never ends, and the second that causes it is found', () => {
    const world = new World(endless([bad])).pass(3 * hour)
    expect(world.unread()).toEqual([span(bad, 1)])
    expect(world.longestLagSec(startSec + 15 * minute)).toBeLessThan(15 * minute)
  })

  it('does not hold up the audit if it never ends', () => {
    const world = new World(endless([bad])).pass(6 * hour)
    expect(world.progress.auditedToSec).toBeGreaterThan(startSec - 7 * hour)
  })

  it('is read if it ends', () => {
    const long: Api = ({ window, page: number }) =>
      overlaps(window, [bad]) && number < 100 ? page(number) : served
    const world = new World(long).pass(3 * hour)
    expect(world.unread()).toEqual([])
  })
})

describe('terms that are tighter than configured', () => {
  /** An API that refuses older starts and longer windows. */
  const strict =
    ({ retentionSec = 12 * hour, maxWindowSec = 2 * hour, settleSec = minute }): Api =>
    ({ window: { fromSec, toSec }, nowSec }) =>
      fromSec < nowSec - retentionSec || toSec - fromSec > maxWindowSec || toSec > nowSec - settleSec
        ? refused
        : served

  it.each([
    ['retention', { retentionSec: 12 * hour - 10 * minute }],
    ['window', { maxWindowSec: hour }],
    ['window, by less than half', { maxWindowSec: 1_000 }],
    ['settle time', { settleSec: 90 }],
    ['retention and window', { retentionSec: 12 * hour - 10 * minute, maxWindowSec: hour }],
  ])('are learned at the first start: %s', (_, terms) => {
    const world = new World(strict(terms)).pass(2 * hour)
    expect(world.unread()).toEqual([])
    expect(seconds(spansAtLevel(world.progress.coverage, 'gap'))).toBeLessThan(90 * minute)
    expect(world.longestLagSec(startSec + 15 * minute)).toBeLessThan(12 * minute)
  })

  it.each([5, 20])(
    'are worked around if seconds take %i minutes to settle, and audits continue',
    (minutes) => {
      const world = new World(strict({ settleSec: minutes * minute })).pass(14 * hour)
      expect(world.longestLagSec(startSec + 2 * hour)).toBeLessThan((minutes + 15) * minute)
      expect(world.progress.auditedToSec).toBeGreaterThan(world.nowSec - 12.5 * hour)
      expect(spansAtLevel(world.progress.coverage, 'gap')).toEqual([])
    },
  )

  it('are learned when they change while running', () => {
    let terms = {}
    const world = new World((asked) => strict(terms)(asked)).pass(6 * hour)
    terms = { retentionSec: 11 * hour, maxWindowSec: hour }
    world.pass(18 * hour)
    expect(world.unread()).toEqual([])
    expect(world.longestLagSec(startSec + hour)).toBeLessThan(15 * minute)
    expect(world.progress.auditedToSec).toBeGreaterThan(world.nowSec - 12 * hour)
  })

  it('are still known after a restart and an outage', () => {
    const terms = { retentionSec: 12 * hour - 10 * minute, maxWindowSec: hour }
    let isDown = false
    const world = new World((asked) => (isDown ? failed() : strict(terms)(asked))).pass(3 * hour)
    isDown = true
    world.restart()
    world.pass(13 * hour)
    isDown = false
    world.pass(2 * hour)
    expect(world.unread()).toEqual([])
    expect(world.progress.learned?.maxWindowMs).toBeGreaterThanOrEqual((hour / 2) * 1_000)
    expect(world.progress.learned?.retentionMs).toBeLessThan((12 * hour - 10 * minute) * 1_000)
  })

  it('are not concluded from a few refusals of a window', () => {
    let refusals = 3
    const world = new World(() => (refusals-- > 0 ? refused : served)).pass(hour)
    expect(world.progress.learned).toBeUndefined()
    expect(world.unread()).toEqual([])
  })
})

describe('after an outage', () => {
  it('of two hours, the collector catches up within twenty minutes', () => {
    let isDown = false
    const world = new World(() => (isDown ? failed() : served), { reachSec: 120 }).pass(hour)
    isDown = true
    world.pass(2 * hour)
    isDown = false
    world.pass(20 * minute)
    expect(world.unread()).toEqual([])
  })

  it('in which every response took too long, the collector catches up within twenty minutes', () => {
    let isDown = false
    const world = new World(() => (isDown ? failed('size') : served), { reachSec: 120 }).pass(hour)
    isDown = true
    world.pass(2 * hour)
    isDown = false
    world.pass(20 * minute)
    expect(world.unread()).toEqual([])
  })
})

it('an outage of everything except small windows does not stop progress', () => {
  const world = new World(({ window }) => (window.toSec - window.fromSec > 10 * minute ? failed() : served))
  world.pass(8 * hour)
  expect(world.unread()).toEqual([])
  expect(world.longestLagSec(startSec + hour)).toBeLessThan(10 * minute)
})
