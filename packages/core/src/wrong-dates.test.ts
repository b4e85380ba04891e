import { describe, expect, it } from 'vitest'
import { type Api, hour, minute, refused, served, startSec, World } from '../test/support/collect-world.ts'
import { spansAtLevel } from './index.ts'

/** An API that enforces its terms, regardless of the `Date` headers in its responses. */
function api(dateOffBySec: (answer: number) => number): Api {
  let answers = 0
  return ({ window: { fromSec, toSec }, nowSec }) => {
    const answeredAtMs = nowSec * 1_000
    const offMs = dateOffBySec(++answers) * 1_000
    const server = { dateMs: answeredAtMs + offMs, sentAtMs: answeredAtMs - 1_000, answeredAtMs }
    const isRefused = fromSec < nowSec - 12 * hour || toSec > nowSec - minute
    return { ...(isRefused ? refused : served), server }
  }
}

/** Two responses while the backlog is read, and two when only the head is left. */
const wrongAnswers = [2, 3, 40, 41]

describe.each([-30, -13, -5, 5, 13, 30])('Date headers that are %i hours off', (hours) => {
  it('cause no loss and are corrected, even if two consecutive responses have them, and later two more', () => {
    const world = new World(api((answer) => (wrongAnswers.includes(answer) ? hours * hour : 0))).pass(
      2 * hour,
    )
    expect(world.unread()).toEqual([])
    const gaps = spansAtLevel(world.progress.coverage, 'gap')
    expect(gaps.filter(({ toSec }) => toSec > startSec - 11.5 * hour && toSec < world.headSec())).toEqual([])
    expect(world.longestLagSec(startSec + hour)).toBeLessThan(12 * minute)
    expect(world.initials.filter(({ atSec }) => atSec > startSec + hour).length).toBeGreaterThan(50)
  })

  it('change nothing when they come in every other response', () => {
    const world = new World(api((answer) => (answer % 2 === 0 ? hours * hour : 0))).pass(2 * hour)
    expect(world.unread()).toEqual([])
    expect(world.longestLagSec(startSec + 30 * minute)).toBeLessThan(4 * minute)
  })
})
