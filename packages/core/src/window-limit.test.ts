import { describe, expect, it } from 'vitest'
import { applyEvent } from './apply-event.ts'
import type { CollectEvent } from './collect-event.ts'
import { type OrgState, orgState, type Purpose } from './org-state.ts'
import type { Span } from './span.ts'
import { defaultTerms as terms } from './terms.ts'
import type { WindowLimit } from './window-limit.ts'

const nowMs = Date.UTC(2026, 8, 24, 12)
const headSec = nowMs / 1_000 - 60
const hour = 3_600
const back = (sec: number) => headSec - sec
const span = (fromSec: number, toSec: number): Span => ({ fromSec, toSec })
const window = span(back(6 * hour), back(5 * hour))

/** An org that has read nothing of the last six hours yet, and whose clock agrees with the server's. */
function org(windowLimit: WindowLimit | null = null): OrgState {
  const originSec = back(6 * hour)
  const progress = { originSec, coverage: [], auditedToSec: originSec, deepAtSec: headSec, doubts: [] }
  const server = { aheadMinMs: 0, aheadMaxMs: 0, learnedAtMs: nowMs }
  return { ...orgState(progress, nowMs), server, windowLimit }
}

const apply = (state: OrgState, ...events: readonly CollectEvent[]) =>
  events.reduce((after, event) => applyEvent(after, event, terms, nowMs), state)
const asked = (window: Span, purpose: Purpose = 'backlog'): CollectEvent => ({
  kind: 'asked',
  purpose,
  window,
  deep: false,
})
const failed = (forItsSize = false): CollectEvent => ({
  kind: 'failed',
  blame: forItsSize ? 'size' : 'unknown',
  retryAfterMs: null,
})
const page = (query: string | null): CollectEvent => ({
  kind: 'page',
  items: 0,
  repeated: 0,
  next: query === null ? null : { query, resumeMs: null, totalCount: null },
})

describe('the window limit', () => {
  const limited = (lengthSec: number, waitFor = 0, patience = 1) => org({ lengthSec, waitFor, patience })
  const long = span(back(3 * hour), back(hour))
  const served = (state: OrgState, lengthSec: number) =>
    apply(state, asked(span(window.fromSec, window.fromSec + lengthSec)), page(null))

  it('is halved when a long window is divided: immediately if it was too large, otherwise the second time', () => {
    expect(apply(org(), asked(long), failed(true)).windowLimit).toMatchObject({ lengthSec: hour })
    const once = apply(org(), asked(long), failed())
    expect(once.windowLimit).toBeNull()
    const twice = apply({ ...once, failures: 0 }, asked(long), failed())
    expect(twice.windowLimit).toMatchObject({ lengthSec: hour })
  })

  it('stays when a short window or a search window is divided', () => {
    const short = span(back(1_000), back(1_000 - 200))
    expect(apply(org(), asked(short), failed(true)).windowLimit).toBeNull()
    expect(apply(org(), asked(long, 'unserved'), failed(true)).windowLimit).toBeNull()
  })

  it('falls while nothing is served, but leaves windows long enough for the head to keep up', () => {
    let state = org()
    for (let times = 0; times < 20; times += 1) {
      const lengthSec = state.windowLimit?.lengthSec ?? 2 * hour
      state = apply(state, asked(span(window.fromSec, window.fromSec + lengthSec)), failed())
    }
    expect(state.windowLimit).toMatchObject({ lengthSec: 60 })
  })

  it('doubles with each served window of that length, until it is removed', () => {
    let state = limited(700)
    const limits: (number | undefined)[] = []
    while (state.windowLimit !== null && limits.length < 10) {
      state = served(state, state.windowLimit.lengthSec)
      limits.push(state.windowLimit?.lengthSec)
    }
    expect(limits).toEqual([1_400, 2_800, 5_600, undefined])
    expect(apply(limited(700), asked(window), page('2')).windowLimit).toMatchObject({ lengthSec: 700 })
    expect(served(limited(700), 699).windowLimit).toMatchObject({ lengthSec: 700 })
  })

  it('is tested less often after each longer window that fails', () => {
    let state = limited(1_800, 1)
    const waits: (number | undefined)[] = []
    for (let rounds = 0; rounds < 6; rounds += 1) {
      while (state.windowLimit?.lengthSec === 1_800) state = served(state, 1_800)
      state = apply(state, asked(span(long.fromSec, long.fromSec + hour)), failed(true))
      waits.push(state.windowLimit?.waitFor)
      state = { ...state, progress: { ...state.progress, unserved: [] }, failures: 0 }
    }
    expect(waits).toEqual([2, 4, 8, 16, 16, 16])
  })
})
