import { expect, it } from 'vitest'
import { type Coverage, raiseCoverage } from './coverage.ts'
import { orgState } from './org-state.ts'
import { planUnserved } from './plan-unserved.ts'
import { planView } from './plan-view.ts'
import type { Span } from './span.ts'
import { defaultTerms as terms } from './terms.ts'
import type { Unserved } from './unserved.ts'

const nowMs = Date.UTC(2026, 8, 24, 12)
const headSec = nowMs / 1_000 - 60
const hour = 3_600
const back = (sec: number) => headSec - sec
const span = (fromSec: number, lengthSec: number): Span => ({ fromSec, toSec: fromSec + lengthSec })
const aside = (fromSec: number, lengthSec: number) =>
  ({ ...span(fromSec, lengthSec), stage: 'divided', failures: 1, notBeforeMs: 0 }) as const

/** Returns the next window when everything is read except these spans, whose windows failed. */
function next(unserved: Unserved, unread: readonly Span[] = unserved): Span | undefined {
  const originSec = back(12 * hour)
  let coverage: Coverage = []
  let atSec = originSec
  for (const { fromSec, toSec } of [...unread, { fromSec: headSec, toSec: headSec }]) {
    coverage = raiseCoverage(coverage, { fromSec: atSec, toSec: fromSec }, 'read')
    atSec = toSec
  }
  const progress = { originSec, coverage, auditedToSec: originSec, deepAtSec: headSec, doubts: [], unserved }
  const server = { aheadMinMs: 0, aheadMaxMs: 0, learnedAtMs: nowMs }
  return planUnserved(planView({ ...orgState(progress, nowMs), server }, terms, nowMs))?.window
}

it('the search continues in the longest span', () => {
  expect(next([aside(back(5 * hour), 100), aside(back(4 * hour), 900)])).toEqual(span(back(4 * hour), 450))
})

it('the search continues in the oldest of the spans that expire soon', () => {
  const oldest = aside(back(12 * hour) + 600, 100)
  expect(next([oldest, aside(back(12 * hour) + 900, 500)])).toEqual(span(oldest.fromSec, 50))
})

it('a second that failed does not delay the next second when both expire soon', () => {
  const failed = aside(back(12 * hour) + 600, 1)
  const untried = { ...aside(failed.toSec, 1), failures: 0 }
  expect(next([failed, untried])).toEqual(span(untried.fromSec, 1))
})

it('an unread half is not delayed because the half before it was read', () => {
  const halfRead = aside(back(5 * hour), 900)
  const other = aside(back(4 * hour), 100)
  const unread = [span(back(5 * hour) + 450, 450), other]
  expect(next([halfRead, other], unread)).toEqual(span(back(5 * hour), 450))
})

it('unread spans come before spans that were read once', () => {
  const read = aside(back(5 * hour), 900)
  const unread = aside(back(4 * hour), 100)
  expect(next([read, unread], [unread])).toEqual(span(back(4 * hour), 50))
})
