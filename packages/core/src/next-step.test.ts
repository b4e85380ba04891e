import { describe, expect, it } from 'vitest'
import { applyEvent } from './apply-event.ts'
import { allowedAtMs, type Budget, pushBack, type RequestKind, unusedBudget } from './budget/budget.ts'
import { nextStep } from './next-step.ts'
import { type OrgState, orgState, type Reading } from './org-state.ts'
import type { Progress } from './progress.ts'
import { defaultTerms as terms } from './terms.ts'

const nowMs = Date.UTC(2026, 8, 24, 12)
const headSec = nowMs / 1_000 - 60
const spanMs = 60_300

/** An org that has read everything until two minutes before the head. */
function org(rest: Partial<OrgState> = {}): OrgState {
  const progress: Progress = {
    originSec: headSec - 3_600,
    coverage: [{ fromSec: headSec - 3_600, toSec: headSec - 120, level: 'read' }],
    auditedToSec: headSec - 3_600,
    deepAtSec: headSec,
    doubts: [],
  }
  return {
    ...orgState(progress, nowMs),
    server: { aheadMinMs: 0, aheadMaxMs: 0, learnedAtMs: nowMs },
    ...rest,
  }
}

/** A window whose first page had a link to the next page, and possibly a resume point. */
function reading(readToSec: number): Reading {
  const window = { fromSec: headSec - 120, toSec: headSec }
  return {
    purpose: 'head',
    window,
    link: 'page=2',
    readToSec,
    pages: 1,
    items: 5_000,
    overlap: 0,
    totalCount: 60_000,
  }
}
const resumable = reading(headSec - 90)
const withoutResume = reading(headSec - 120)

/** A budget whose requests were answered this many milliseconds ago; null for one in flight. */
function spent(agoMs: Readonly<Record<RequestKind, readonly (number | null)[]>>): Budget {
  const slots = (['initial', 'page'] as const).flatMap((kind) =>
    agoMs[kind].map((ago, at) => ({
      id: `${kind} ${at}`,
      kind,
      countsFromMs: ago === null ? null : nowMs - ago,
    })),
  )
  return { ...unusedBudget, slots }
}

const tenPages = Array.from({ length: 10 }, (_, at) => 20_000 - 1_000 * at)
const step = (state: OrgState, budget: Budget, atMs = nowMs) => nextStep(state, budget, terms, atMs)

describe('the next page of a window', () => {
  it('is followed within the minute of its initial request', () => {
    const budget = spent({ initial: [30_000], page: [20_000, 10_000] })
    expect(step(org({ reading: resumable }), budget)).toEqual({ kind: 'follow', link: 'page=2' })
    expect(step(org({ reading: withoutResume }), budget)).toEqual({ kind: 'follow', link: 'page=2' })
  })

  it("gives way to a new initial request at the resume point when the minute's ten pages are used up", () => {
    const budget = spent({ initial: [21_000], page: tenPages })
    const untilMs = nowMs - 21_000 + spanMs
    const state = org({ reading: resumable })
    expect(step(state, budget)).toEqual({ kind: 'wait', untilMs, reason: 'budget' })
    expect(step(state, budget, untilMs)).toMatchObject({
      kind: 'ask',
      purpose: 'head',
      window: { fromSec: headSec - 120, toSec: headSec + 39 },
    })
    const covered = applyEvent(
      org({ reading: { ...resumable, link: null } }),
      {
        kind: 'page',
        items: 5_000,
        repeated: 0,
        next: { query: 'page=2', resumeMs: (headSec - 90) * 1_000 + 999, totalCount: null },
      },
      terms,
      nowMs,
    )
    expect(step(covered, budget, untilMs)).toMatchObject({ kind: 'ask', window: { fromSec: headSec - 90 } })
  })

  it('gives way to a new initial request when its minute is over, even if pages are left', () => {
    const budget = spent({ initial: [spanMs], page: [70_000, 30_000] })
    expect(step(org({ reading: resumable }), budget).kind).toBe('ask')
  })

  it('has to wait if its slot is free before the next initial request', () => {
    const budget = spent({ initial: [5_000], page: [59_000, ...tenPages.slice(1)] })
    const untilMs = nowMs - 59_000 + spanMs
    expect(step(org({ reading: resumable }), budget)).toEqual({ kind: 'wait', untilMs, reason: 'pages' })
    expect(step(org({ reading: resumable }), budget, untilMs)).toEqual({ kind: 'follow', link: 'page=2' })
  })

  it('is followed unchanged in the next minute when the window has no resume point', () => {
    const budget = spent({ initial: [21_000], page: tenPages })
    const untilMs = allowedAtMs(budget, 'page', terms)
    expect(untilMs).toBeGreaterThan(allowedAtMs(budget, 'initial', terms))
    const state = org({ reading: withoutResume })
    // Other orgs with the same credential may use that minute's initial request.
    expect(step(state, budget)).toEqual({ kind: 'wait', untilMs, reason: 'pages' })
    expect(step(state, budget, untilMs)).toEqual({ kind: 'follow', link: 'page=2' })
  })

  it('waits for the end of a push-back, as every request does', () => {
    const budget = pushBack(spent({ initial: [30_000], page: [] }), null, terms, nowMs)
    expect(step(org({ reading: resumable }), budget)).toMatchObject({
      untilMs: nowMs + 60_000,
      reason: 'budget',
    })
    expect(step(org({ reading: resumable }), budget, nowMs + 60_000).kind).toBe('ask')
    expect(step(org({ reading: withoutResume }), budget, nowMs + 60_000).kind).toBe('follow')
  })
})

describe('an initial request', () => {
  it('is sent as soon as the budget allows', () => {
    expect(step(org(), unusedBudget)).toMatchObject({ kind: 'ask', purpose: 'head', deep: false })
    const untilMs = nowMs - 10_000 + spanMs
    const budget = spent({ initial: [10_000], page: [] })
    expect(step(org(), budget)).toEqual({ kind: 'wait', untilMs, reason: 'budget' })
    expect(step(org(), budget, untilMs).kind).toBe('ask')
  })

  it('waits indefinitely while another request with the same credential is in flight', () => {
    const budget = spent({ initial: [null], page: [] })
    const untilMs = Number.POSITIVE_INFINITY
    expect(step(org(), budget)).toEqual({ kind: 'wait', untilMs, reason: 'budget' })
  })

  it('omits the look-back when it cuts a head window short', () => {
    const budget = spent({ initial: [spanMs], page: [] })
    expect(step(org({ reading: resumable }), budget)).toMatchObject({ window: { fromSec: headSec - 120 } })
    expect(step(org(), budget)).toMatchObject({ window: { fromSec: headSec - 240 } })
  })
})

describe('waiting', () => {
  it('for a pause after a failure takes precedence over everything else', () => {
    const state = org({ reading: resumable, waitUntilMs: nowMs + 1 })
    expect(step(state, unusedBudget)).toEqual({ kind: 'wait', untilMs: nowMs + 1, reason: 'failure' })
    expect(step(state, unusedBudget, nowMs + 1).kind).not.toBe('wait')
  })

  it('for the head ends when one more second can be requested', () => {
    const state = org()
    const coverage = [{ fromSec: headSec - 3_600, toSec: headSec, level: 'read' as const }]
    const upToDate = { ...state, progress: { ...state.progress, coverage } }
    expect(step(upToDate, unusedBudget)).toEqual({ kind: 'wait', untilMs: nowMs + 1_000, reason: 'head' })
    expect(step(upToDate, unusedBudget, nowMs + 999).kind).toBe('wait')
    expect(step(upToDate, unusedBudget, nowMs + 1_000)).toMatchObject({
      kind: 'ask',
      window: { toSec: headSec + 1 },
    })
  })

  it('for the head depends on the lower bound of the server clock and on the margin', () => {
    const server = { aheadMinMs: -4_300, aheadMaxMs: 0, learnedAtMs: nowMs }
    const state = org({ server, marginMs: 2_000 })
    const coverage = [{ fromSec: headSec - 3_600, toSec: headSec - 7, level: 'read' as const }]
    const upToDate = { ...state, progress: { ...state.progress, coverage } }
    expect(step(upToDate, unusedBudget)).toEqual({ kind: 'wait', untilMs: nowMs + 300, reason: 'head' })
    expect(step(upToDate, unusedBudget, nowMs + 300)).toMatchObject({ window: { toSec: headSec - 6 } })
  })
})
