import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyEvent } from './apply-event.ts'
import { type CoverageLevel, raiseCoverage } from './coverage.ts'
import { type OrgState, orgState, type Purpose } from './org-state.ts'
import { planView } from './plan-view.ts'
import { planAudit, planWindow } from './plan-window.ts'
import type { Progress } from './progress.ts'
import { readableSpan } from './readable-span.ts'
import { unknownServerClock } from './server-clock.ts'
import type { Span } from './span.ts'
import { defaultTerms as terms } from './terms.ts'
import type { WindowLimit } from './window-limit.ts'

const nowMs = Date.UTC(2026, 8, 24, 12)
const headSec = nowMs / 1_000 - 60
/**
 * The oldest second that can be requested: twelve hours ago, plus one second of travel time for the request.
 */
const oldestSec = nowMs / 1_000 - 43_200 + 1
const minute = 60
const hour = 3_600
const maxWindowSec = 2 * hour

const back = (sec: number) => headSec - sec
const span = (fromSec: number, toSec: number): Span => ({ fromSec, toSec })

/**
 * An org whose clock agrees with the server's and that has read everything until a minute ago, the head last.
 * No audit and no deep look-back is due. The arguments override any of this.
 */
function org(progress: Partial<Progress> = {}, rest: Partial<OrgState> = {}): OrgState {
  const usual: Progress = {
    originSec: back(6 * hour),
    coverage: [{ ...span(back(6 * hour), back(minute)), level: 'read' }],
    auditedToSec: back(6 * hour),
    deepAtSec: headSec,
    doubts: [],
  }
  return {
    ...orgState({ ...usual, ...progress }, nowMs),
    server: { aheadMinMs: 0, aheadMaxMs: 0, learnedAtMs: nowMs },
    previous: 'head',
    ...rest,
  }
}

const limit = (lengthSec: number): WindowLimit => ({ lengthSec, waitFor: 1, patience: 1 })
const plan = (state: OrgState) => planWindow(state, terms, nowMs)
const readExcept = (fromSec: number, toSec: number, ...holes: readonly Span[]): Progress['coverage'] => {
  const edges = [fromSec, ...holes.flatMap((hole) => [hole.fromSec, hole.toSec]), toSec]
  let coverage: Progress['coverage'] = []
  for (let at = 0; at + 1 < edges.length; at += 2)
    coverage = raiseCoverage(coverage, span(edges[at] ?? 0, edges[at + 1] ?? 0), 'read')
  return coverage
}

describe('the initial request goes to the first of these that is due:', () => {
  const expiring = span(oldestSec + 20 * minute, oldestSec + 25 * minute)
  const backlog = span(back(5 * hour), back(5 * hour - 10 * minute))
  const doubt = span(back(hour), back(hour - minute))
  const due = {
    originSec: oldestSec,
    coverage: readExcept(oldestSec, back(minute), expiring, backlog),
    auditedToSec: oldestSec,
    doubts: [doubt],
  }
  const withoutExpiring = { ...due, coverage: readExcept(oldestSec, back(minute), backlog) }
  const withoutBacklog = { ...due, coverage: readExcept(oldestSec, back(minute)) }
  const withoutAudit = { ...withoutBacklog, auditedToSec: back(2 * hour) }
  const withoutDoubt = { ...withoutAudit, doubts: [] }

  it('1. unread seconds that expire soon', () => {
    expect(plan(org(due))).toMatchObject({ purpose: 'expiring', window: { fromSec: expiring.fromSec } })
  })

  it('2. the backlog', () => {
    expect(plan(org(withoutExpiring))).toEqual({ purpose: 'backlog', window: backlog, deep: false })
  })

  it('3. the audit', () => {
    const window = span(oldestSec, oldestSec + maxWindowSec)
    expect(plan(org(withoutBacklog))).toEqual({ purpose: 'audit', window, deep: false })
  })

  it('4. a doubtful span', () => {
    expect(plan(org(withoutAudit))).toEqual({ purpose: 'doubt', window: doubt, deep: false })
  })

  it('5. the head', () => {
    expect(plan(org(withoutDoubt))).toMatchObject({ purpose: 'head', window: { toSec: headSec } })
  })

  it('6. nothing, when everything is read', () => {
    const coverage = readExcept(oldestSec, headSec)
    expect(plan(org({ ...withoutDoubt, coverage }))).toBeUndefined()
  })
})

describe('unread seconds', () => {
  const holeAt = (fromSec: number, lengthSec = minute) =>
    org({
      originSec: oldestSec,
      auditedToSec: back(2 * hour),
      coverage: readExcept(oldestSec, headSec, span(fromSec, fromSec + lengthSec)),
    })

  it('expire soon when less than half an hour is left', () => {
    expect(plan(holeAt(oldestSec + 30 * minute - 1))?.purpose).toBe('expiring')
    expect(plan(holeAt(oldestSec + 30 * minute))?.purpose).toBe('backlog')
  })

  it('are backlog when they are more than three minutes behind the head', () => {
    expect(plan(holeAt(back(181)))?.purpose).toBe('backlog')
    expect(plan(holeAt(back(180)))?.purpose).not.toBe('backlog')
  })

  it('are requested from the oldest second, up to the length of a window', () => {
    const state = org({ originSec: back(5 * hour), coverage: [] })
    expect(plan(state)?.window).toEqual(span(back(5 * hour), back(3 * hour)))
  })

  it('are requested up to the last unread one in reach, so that no page is spent on seconds that were read before', () => {
    const holes = [span(back(5 * hour), back(5 * hour) + 10), span(back(4 * hour), back(4 * hour) + 10)]
    const state = org({ coverage: readExcept(back(6 * hour), headSec, ...holes) })
    expect(plan(state)?.window).toEqual(span(back(5 * hour), back(4 * hour) + 10))
  })

  it('count as the head when their window reaches it', () => {
    const state = org({ originSec: back(hour), coverage: [] })
    expect(plan(state)).toEqual({ purpose: 'head', window: span(back(hour), headSec), deep: false })
  })

  it('are not requested before the origin or after they have expired', () => {
    const early = org({ originSec: oldestSec - hour, coverage: [] })
    expect(plan(early)?.window.fromSec).toBe(oldestSec)
    const recent = org({ originSec: back(4 * hour), coverage: [] })
    expect(plan(recent)?.window.fromSec).toBe(back(4 * hour))
  })

  it('are requested in short windows while windows are limited', () => {
    const state = org({ originSec: back(5 * hour), coverage: [] }, { windowLimit: limit(100) })
    expect(plan(state)?.window).toEqual(span(back(5 * hour), back(5 * hour) + 100))
  })
})

/** Returns the purposes of twenty initial requests while the backlog does not change. */
const purposes = (state: OrgState) => {
  const list: Purpose[] = []
  for (let initial = 0; initial < 20; initial += 1) {
    const planned = plan(state) ?? expect.fail('no window is planned')
    list.push(planned.purpose)
    state = applyEvent(state, { kind: 'asked', ...planned }, terms, nowMs)
  }
  return list
}

describe('a backlog', () => {
  const behind = (recordsPerMinute: number, originSec: number) =>
    org({ originSec, coverage: [] }, { recordsPerSec: recordsPerMinute / 60, sinceHead: 0 })

  it('of more than ten initial requests leaves every fifth one to the head', () => {
    const turn: readonly Purpose[] = ['backlog', 'backlog', 'backlog', 'backlog', 'head']
    expect(purposes(behind(20_000, back(6 * hour)))).toEqual([...turn, ...turn, ...turn, ...turn])
  })

  const oneInTen = (purpose: Purpose): readonly Purpose[] => [...Array<Purpose>(9).fill(purpose), 'head']

  it('of at most ten initial requests leaves one in ten to the head', () => {
    const turn = oneInTen('backlog')
    expect(purposes(behind(40, back(6 * hour)))).toEqual([...turn, ...turn])
  })

  it('that expires soon leaves one initial request in ten to the head', () => {
    const turn = oneInTen('expiring')
    expect(purposes(behind(20_000, oldestSec))).toEqual([...turn, ...turn])
  })
})

describe('a search for what the API cannot serve', () => {
  const aside = { ...span(back(5 * hour), back(4 * hour)), stage: 'divided', failures: 1 } as const
  const searching = { unserved: [{ ...aside, notBeforeMs: 0 }], auditedToSec: back(hour) }

  it('leaves one initial request in three to the head', () => {
    const coverage = readExcept(back(6 * hour), back(minute), aside)
    const turn: readonly Purpose[] = ['unserved', 'unserved', 'head']
    expect(purposes(org({ ...searching, coverage })).slice(0, 9)).toEqual([...turn, ...turn, ...turn])
  })

  it('gets one initial request in three if there is a backlog', () => {
    const backlog = span(back(3 * hour), back(2 * hour))
    const coverage = readExcept(back(6 * hour), back(minute), aside, backlog)
    const turns: readonly Purpose[] = ['unserved', 'backlog', 'backlog', 'unserved', 'head', 'backlog']
    expect(purposes(org({ ...searching, coverage })).slice(0, 7)).toEqual([...turns, 'unserved'])
  })
})

describe('a search in a span that expires soon', () => {
  it('comes before a backlog that does not expire soon, apart from the shares of the head and the past', () => {
    const aside = { ...span(oldestSec + 600, oldestSec + 660), stage: 'divided', failures: 1 } as const
    const backlog = span(back(3 * hour), back(2 * hour))
    const originSec = oldestSec + 600
    const coverage = readExcept(originSec, back(minute), aside, backlog)
    const state = org({
      originSec,
      coverage,
      unserved: [{ ...aside, notBeforeMs: 0 }],
      auditedToSec: back(hour),
    })
    const counts = Map.groupBy(purposes(state).slice(0, 10), (purpose) => purpose)
    expect(counts.get('unserved')?.length).toBe(8)
    expect(counts.get('head')?.length).toBe(2)
  })
})

describe('a fragmented backlog', () => {
  it('is read where one request covers the most, and otherwise from its oldest second', () => {
    const holes = [span(back(5 * hour), back(5 * hour - 2)), span(back(4 * hour), back(3 * hour))]
    const coverage = readExcept(back(6 * hour), back(minute), ...holes)
    expect(plan(org({ coverage }))).toMatchObject({ purpose: 'backlog', window: holes[1] })
    const equal = [span(back(5 * hour), back(5 * hour - 60)), span(back(4 * hour), back(4 * hour - 60))]
    const other = readExcept(back(6 * hour), back(minute), ...equal)
    expect(plan(org({ coverage: other }))?.window.fromSec).toBe(back(5 * hour))
  })
})

describe('the audit', () => {
  const dueAtSec = headSec + 60 - (9 * hour + 50 * minute) - maxWindowSec
  const audit = (auditedToSec: number, rest: Partial<OrgState> = {}, edgeSec = back(minute)) =>
    plan(org({ originSec: oldestSec, auditedToSec, coverage: readExcept(oldestSec, edgeSec) }, rest))

  it('of a window is due when its end is 9 h 50 min old', () => {
    expect(audit(dueAtSec)).toMatchObject({
      purpose: 'audit',
      window: span(dueAtSec, dueAtSec + maxWindowSec),
    })
    expect(audit(dueAtSec + 1)?.purpose).toBe('head')
  })

  it('comes only after a request for the head', () => {
    for (const previous of ['expiring', 'backlog', 'audit', 'doubt', null] as const)
      expect(audit(dueAtSec, { previous })?.purpose).toBe('head')
  })

  it('comes only while the head is fresh', () => {
    expect(audit(dueAtSec, {}, back(120))?.purpose).toBe('audit')
    expect(audit(dueAtSec, {}, back(121))?.purpose).toBe('head')
  })

  it('begins where seconds can still be requested', () => {
    expect(audit(oldestSec - 5 * hour)?.window.fromSec).toBe(oldestSec)
  })

  it('begins after seconds that the API did not serve, because they have their own turn', () => {
    const unserved = [
      { ...span(dueAtSec - 1, dueAtSec + 10), stage: 'divided', failures: 2, notBeforeMs: nowMs } as const,
    ]
    const coverage = readExcept(oldestSec, back(minute))
    const progress = { originSec: oldestSec, auditedToSec: dueAtSec - 1, coverage, unserved }
    const state = org(progress, { sinceUnserved: 0 })
    // The audit is due again this much later.
    const later = planAudit(planView(state, terms, nowMs + 10_000))
    expect(later).toMatchObject({ purpose: 'audit', window: { fromSec: dueAtSec + 10 } })
  })

  it('is shortened like any other window while windows are limited', () => {
    expect(audit(dueAtSec, { windowLimit: limit(100) })?.window).toEqual(span(dueAtSec, dueAtSec + 100))
  })
})

describe('a gap', () => {
  const gap = { ...span(back(5 * hour), back(4 * hour)), level: 'gap' } as const
  const around = readExcept(oldestSec, back(minute), gap)

  it('is read if it has not expired, because a wrong clock created it', () => {
    const coverage = [...around.slice(0, 1), gap, ...around.slice(1)]
    expect(plan(org({ originSec: oldestSec, coverage }))).toMatchObject({
      purpose: 'backlog',
      window: span(gap.fromSec, gap.toSec),
    })
  })

  it('is left unchanged if it has just expired, because the clock estimate changes slightly', () => {
    const expired = { ...span(oldestSec, oldestSec + 5 * minute), level: 'gap' } as const
    const read = { ...span(oldestSec + 5 * minute, back(minute)), level: 'read' } as const
    const coverage = [expired, read]
    expect(plan(org({ originSec: oldestSec, auditedToSec: back(hour), coverage }))?.purpose).toBe('head')
  })
})

describe('a doubtful span', () => {
  const first = span(back(5 * hour), back(4 * hour))
  const second = span(back(2 * hour), back(hour))

  it('is read again only after a request for the head, and while the head is fresh', () => {
    expect(plan(org({ doubts: [first] }, { previous: 'doubt' }))?.purpose).toBe('head')
    const stale = { doubts: [first], coverage: readExcept(back(6 * hour), back(121)) }
    expect(plan(org(stale))?.purpose).toBe('head')
  })

  it('waits for earlier doubtful spans', () => {
    expect(plan(org({ doubts: [first, second] }))?.window).toEqual(first)
  })

  it('is read except for its expired part', () => {
    const expired = span(oldestSec - hour, oldestSec)
    const halfExpired = span(oldestSec - hour, oldestSec + hour)
    const state = org({ originSec: oldestSec - hour, coverage: readExcept(oldestSec - hour, back(minute)) })
    const doubts = [expired, halfExpired]
    expect(
      plan({ ...state, progress: { ...state.progress, doubts, auditedToSec: back(hour) } }),
    ).toMatchObject({
      purpose: 'doubt',
      window: span(oldestSec, oldestSec + hour),
    })
  })

  it('is read only up to the head, because the time estimate may have changed', () => {
    const ahead = span(back(hour), headSec + 5)
    expect(plan(org({ doubts: [ahead] }))?.window).toEqual(span(back(hour), headSec))
    expect(plan(org({ doubts: [span(headSec, headSec + 5)] }))?.purpose).toBe('head')
  })

  it('is read in parts while windows are limited', () => {
    const state = org({ doubts: [first] }, { windowLimit: limit(100) })
    expect(plan(state)?.window).toEqual(span(first.fromSec, first.fromSec + 100))
  })
})

describe("the head's look-back", () => {
  const lookBackSec = (rest: Partial<OrgState>, deepAtSec = headSec) => {
    const planned = plan(org({ deepAtSec }, rest))
    expect(planned?.purpose).toBe('head')
    return back(minute) - (planned?.window.fromSec ?? Number.NaN)
  }
  const at = (recordsPerMinute: number) => ({ recordsPerSec: recordsPerMinute / 60 })
  const longAgo = back(30 * minute)

  it('is two minutes while the rate is unknown', () => {
    expect(lookBackSec({ recordsPerSec: null })).toBe(2 * minute)
  })

  it('fills nine tenths of a page together with the new seconds', () => {
    expect(lookBackSec(at(1_000))).toBe(Math.floor((0.9 * 5_000 * 60) / 1_000) - minute)
  })

  it('takes eight pages every half hour', () => {
    const wholeSec = Math.floor((0.9 * 8 * 5_000 * 60) / 5_000)
    expect(lookBackSec(at(5_000), longAgo)).toBe(wholeSec - minute)
    expect(plan(org({ deepAtSec: longAgo }))?.deep).toBe(true)
    expect(plan(org({ deepAtSec: longAgo + 1 }))?.deep).toBe(false)
  })

  it('is at least two minutes, even if that takes more pages', () => {
    expect(lookBackSec(at(5_000))).toBe(2 * minute)
  })

  it('is at most 115 minutes', () => {
    expect(lookBackSec(at(0))).toBe(115 * minute)
    expect(lookBackSec(at(1))).toBe(115 * minute)
  })

  it('leaves enough of the window for the new seconds', () => {
    expect(lookBackSec(at(25_000))).toBe(Math.floor((0.9 * 55_000 * 60) / 25_000) - minute)
    expect(lookBackSec(at(55_000), longAgo)).toBe(0)
  })

  it('is zero after a head window was cut short', () => {
    expect(lookBackSec({ ...at(40), headCutShort: true }, longAgo)).toBe(0)
  })

  it('is zero while windows are limited', () => {
    expect(lookBackSec({ ...at(40), windowLimit: limit(hour) }, longAgo)).toBe(0)
  })

  it('does not count as deep if it is zero', () => {
    expect(plan(org({ deepAtSec: longAgo }, { headCutShort: true }))?.deep).toBe(false)
  })

  it('does not reach before the origin', () => {
    const coverage = readExcept(back(90), back(minute))
    expect(plan(org({ originSec: back(90), coverage }))?.window.fromSec).toBe(back(90))
  })
})

describe('orgs that share a credential', () => {
  it('have a proportionally slower schedule', () => {
    const coverage = readExcept(back(6 * hour), back(25 * minute))
    expect(plan(org({ coverage }))?.purpose).toBe('head')
    expect(
      plan(org({ coverage }, { recordsPerSec: 1_000, sinceHead: 0, windowLimit: limit(minute) }))?.purpose,
    ).toBe('backlog')
    expect(
      plan(
        org(
          { coverage },
          { recordsPerSec: 1_000, sinceHead: 0, windowLimit: limit(minute), orgsOfCredential: 10 },
        ),
      )?.purpose,
    ).toBe('head')
  })
})

describe('planning while the server time is only presumed', () => {
  const coverage = readExcept(back(6 * hour), headSec + hour)
  const presumed = { server: unknownServerClock(nowMs) }

  it('sends a request even if nothing seems to be new, because the response shows whether our clock is behind', () => {
    const { toSec } = readableSpan(org({}, presumed), terms, nowMs)
    const window = span(toSec - 2 * minute, toSec)
    expect(plan(org({ coverage }, presumed))).toEqual({ purpose: 'head', window, deep: false })
  })

  it('ends with the first response', () => {
    const ahead = readExcept(back(6 * hour), headSec + minute)
    expect(plan(org({ coverage: ahead }, presumed))?.purpose).toBe('head')
    expect(plan(org({ coverage: ahead }))).toBeUndefined()
  })

  it('starts again if seconds in the future were read, because the time estimate may be wrong', () => {
    const window = span(headSec - 2 * minute, headSec)
    expect(plan(org({ coverage }))).toEqual({ purpose: 'head', window, deep: false })
  })
})

describe('any window', () => {
  const sec = fc.integer({ min: oldestSec - 3 * hour, max: headSec + minute })
  const levelled = fc.tuple(sec, sec, fc.constantFrom<CoverageLevel>('gap', 'doubtful', 'read', 'final'))
  const anyOrg = fc
    .record({
      originSec: sec,
      levelled: fc.array(levelled),
      auditedToSec: sec,
      deepAtSec: sec,
      doubts: fc.array(fc.tuple(sec, fc.integer({ min: 1, max: maxWindowSec }))),
      recordsPerSec: fc.option(fc.double({ min: 0, max: 5_000, noNaN: true })),
      windowLimit: fc.option(fc.integer({ min: 1, max: maxWindowSec }).map(limit)),
      marginMs: fc.integer({ min: 0, max: 120_000 }),
      ahead: fc.tuple(fc.integer({ min: -90_000, max: 90_000 }), fc.integer({ min: 0, max: 60_000 })),
      previous: fc.constantFrom<Purpose | null>('expiring', 'backlog', 'audit', 'doubt', 'head', null),
      sinceHead: fc.nat({ max: 10 }),
      headCutShort: fc.boolean(),
    })
    .map(({ originSec, levelled, auditedToSec, deepAtSec, doubts, ahead: [aheadMs, widthMs], ...rest }) =>
      org(
        {
          originSec,
          auditedToSec,
          deepAtSec,
          coverage: levelled.reduce<Progress['coverage']>(
            (coverage, [a, b, level]) => raiseCoverage(coverage, span(Math.min(a, b), Math.max(a, b)), level),
            [],
          ),
          doubts: doubts.map(([fromSec, lengthSec]) => span(fromSec, fromSec + lengthSec)),
        },
        {
          server: { aheadMinMs: aheadMs, aheadMaxMs: aheadMs + widthMs, learnedAtMs: nowMs },
          ...rest,
        },
      ),
    )

  it('has whole seconds between expiry and the head, and is no longer than allowed', () => {
    fc.assert(
      fc.property(anyOrg, (state) => {
        const planned = plan(state)
        if (planned === undefined) return
        const { fromSec, toSec } = planned.window
        const readable = readableSpan(state, terms, nowMs)
        expect(Number.isInteger(fromSec) && Number.isInteger(toSec)).toBe(true)
        expect(fromSec).toBeLessThan(toSec)
        expect(fromSec).toBeGreaterThanOrEqual(readable.fromSec)
        expect(toSec).toBeLessThanOrEqual(readable.toSec)
        expect(toSec - fromSec).toBeLessThanOrEqual(
          Math.min(maxWindowSec, state.windowLimit?.lengthSec ?? maxWindowSec),
        )
      }),
      { numRuns: 1_000 },
    )
  })

  it('is planned as long as unread seconds can be requested', () => {
    fc.assert(
      fc.property(anyOrg, (state) => {
        if (plan(state) !== undefined) return
        const readable = readableSpan(state, terms, nowMs)
        const { coverage, originSec } = state.progress
        const newest = coverage.findLast(({ level }) => level !== 'gap')?.toSec ?? originSec
        expect(Math.max(newest, originSec)).toBeGreaterThanOrEqual(readable.toSec)
      }),
    )
  })
})
