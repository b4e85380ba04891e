import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clearLimited, countSlot, pushBack } from './budget/budget.ts'
import { allowedAtMs, type Budget, recoverBudget, reserveSlot, unusedBudget } from './budget/index.ts'
import type { AskedEvent, PageEvent } from './collect-event.ts'
import {
  applyEvent,
  type CollectEvent,
  coverageFrontierSec,
  firstProgress,
  nextStep,
  type OrgState,
  orgState,
  type Progress,
  readableSpan,
  type Span,
  type Terms,
} from './index.ts'

/** Runs all decisions together, against a small model of the API, with everything that can go wrong. */

const terms: Terms = {
  pageSize: 10,
  initialRequests: { count: 1, perMs: 1_000 },
  pageRequests: { count: 8, perMs: 1_000 },
  stream: { settleMs: 1_000, retentionMs: 120_000, maxWindowMs: 20_000 },
}

/** What goes wrong with one request. */
type Fault =
  | { readonly kind: 'none' | 'failed' | 'timed-out' | 'limited' | 'refused' | 'link-refused' }
  | { readonly kind: 'no-resume' | 'no-count' | 'no-resume-no-count' | 'link-lost' | 'same-link' }
  /** Before or after the commit. The clock of the machine may have changed at the restart. */
  | { readonly kind: 'crash'; readonly committed: boolean; readonly jumpMs: number; readonly downMs: number }
const fine: Fault = { kind: 'none' }

interface Setting {
  /** The number of records inserted each second, repeated in a cycle. */
  readonly recordsPerSec: readonly number[]
  readonly serverAheadMs: number
  /** Whether a window includes its end, which is not documented. */
  readonly endIncluded: boolean
  readonly faults: readonly Fault[]
}

interface Item {
  readonly id: string
  readonly insertedMs: number
}

/**
 * The API, by the server's clock. Pages are in ascending order, and each page repeats the last instant of the
 * previous page.
 */
class Api {
  readonly #setting: Setting
  #lastInitialMs = Number.NEGATIVE_INFINITY

  constructor(setting: Setting) {
    this.#setting = setting
  }

  items(fromMs: number, toMs: number): readonly Item[] {
    const { recordsPerSec } = this.#setting
    const items: Item[] = []
    for (let sec = Math.floor(fromMs / 1_000); sec * 1_000 < toMs; sec += 1) {
      const count = recordsPerSec[sec % recordsPerSec.length] ?? 0
      for (let at = 0; at < count; at += 1)
        items.push({ id: `${sec}:${at}`, insertedMs: sec * 1_000 + Math.floor((at * 1_000) / count) })
    }
    return items.filter(({ insertedMs }) => insertedMs >= fromMs && insertedMs < toMs)
  }

  initial({ fromSec, toSec }: Span, serverMs: number, fault: Fault): Answer {
    const { settleMs, retentionMs, maxWindowMs } = terms.stream
    if (serverMs - this.#lastInitialMs < terms.initialRequests.perMs) return { kind: 'limited' }
    this.#lastInitialMs = serverMs
    const accepted =
      fromSec * 1_000 >= serverMs - retentionMs &&
      toSec * 1_000 <= serverMs - settleMs &&
      (toSec - fromSec) * 1_000 <= maxWindowMs &&
      fromSec < toSec
    if (!accepted) return { kind: 'refused', reason: 'window' }
    return this.page(`${fromSec * 1_000} ${toSec * 1_000} ${fromSec * 1_000} 0`, fault)
  }

  page(link: string, fault: Fault): Answer {
    const [startMs = 0, endMs = 0, resumeMs = 0, number = 0] = link.split(' ').map(Number)
    const untilMs = endMs + (this.#setting.endIncluded ? 1_000 : 0)
    const left = this.items(resumeMs, untilMs)
    const items = left.slice(0, terms.pageSize)
    if (left.length <= terms.pageSize || fault.kind === 'link-lost')
      return { kind: 'page', items, next: null }
    const nextMs = items.at(-1)?.insertedMs ?? resumeMs
    const withoutResume = fault.kind === 'no-resume' || fault.kind === 'no-resume-no-count'
    const withoutCount = fault.kind === 'no-count' || fault.kind === 'no-resume-no-count'
    const next = {
      query: fault.kind === 'same-link' ? link : `${startMs} ${endMs} ${nextMs} ${number + 1}`,
      resumeMs: withoutResume ? null : nextMs,
      totalCount: withoutCount ? null : this.items(startMs, untilMs).length,
    }
    return { kind: 'page', items, next }
  }
}

type Answer =
  | { readonly kind: 'page'; readonly items: readonly Item[]; readonly next: PageEvent['next'] }
  | { readonly kind: 'limited' }
  | { readonly kind: 'refused'; readonly reason: 'window' | 'other' }
  | { readonly kind: 'failed'; readonly blame: 'size' | 'unknown' }

const startMs = Date.UTC(2026, 8, 24)

class Collector {
  readonly collected = new Set<string>()
  readonly #setting: Setting
  readonly #api: Api
  #realMs = startMs
  /** How far the machine's clock is ahead of real time. */
  #aheadMs = 0
  #stored: Progress
  #state: OrgState
  #budget: Budget = unusedBudget
  #before: readonly Item[] = []
  #requests = 0

  constructor(setting: Setting) {
    this.#setting = setting
    this.#api = new Api(setting)
    this.#stored = firstProgress(30_000, terms, startMs)
    this.#state = orgState(this.#stored, startMs)
  }

  get progress(): Progress {
    return this.#state.progress
  }

  get headSec(): number {
    return readableSpan(this.#state, terms, this.#nowMs()).toSec
  }

  get serverMs(): number {
    return this.#realMs + this.#setting.serverAheadMs
  }

  get realMs(): number {
    return this.#realMs
  }

  missingOf(span: Span): readonly string[] {
    return this.#api
      .items(span.fromSec * 1_000, span.toSec * 1_000)
      .map(({ id }) => id)
      .filter((id) => !this.collected.has(id))
  }

  #nowMs(): number {
    return this.#realMs + this.#aheadMs
  }

  /** Sends one request as soon as the decisions allow it. */
  request(fault: Fault): void {
    let step = nextStep(this.#state, this.#budget, terms, this.#nowMs())
    const decidingSinceMs = this.#realMs
    while (step.kind === 'wait') {
      this.#realMs += Math.max(1, Math.ceil(step.untilMs - this.#nowMs()))
      // The longest push-back is sixty periods.
      if (this.#realMs > decidingSinceMs + 90_000) throw new Error(`it waits forever (${step.reason})`)
      step = nextStep(this.#state, this.#budget, terms, this.#nowMs())
    }
    const id = String(++this.#requests)
    const kind = step.kind === 'ask' ? 'initial' : 'page'
    const reserved = reserveSlot(this.#budget, kind, id, terms, this.#nowMs())
    if (reserved === undefined)
      throw new Error(
        `a request was planned before ${allowedAtMs(this.#budget, kind, terms)}, when it is allowed`,
      )
    this.#budget = reserved
    if (step.kind === 'ask') {
      this.#before = []
      this.#apply({ kind: 'asked', purpose: step.purpose, window: step.window, deep: step.deep })
    }
    const sentAtMs = this.#nowMs()
    this.#realMs += 20
    const answer = this.#spoil(
      step.kind === 'ask'
        ? this.#api.initial(step.window, this.serverMs, fault)
        : this.#api.page(step.link, fault),
      kind,
      fault,
    )
    const dateMs = Math.floor(this.serverMs / 1_000) * 1_000
    this.#realMs += 20
    const lost = fault.kind === 'crash' && !fault.committed
    if (!lost) this.#take(answer, id, { dateMs, sentAtMs, answeredAtMs: this.#nowMs() })
    if (fault.kind === 'crash') this.#restart(fault.downMs, fault.jumpMs)
  }

  #spoil(answer: Answer, kind: 'initial' | 'page', fault: Fault): Answer {
    if (fault.kind === 'failed') return { kind: 'failed', blame: 'unknown' }
    if (fault.kind === 'timed-out') return { kind: 'failed', blame: 'size' }
    if (fault.kind === 'limited') return { kind: 'limited' }
    if (fault.kind === 'refused') return { kind: 'refused', reason: 'other' }
    if (fault.kind === 'link-refused' && kind === 'page') return { kind: 'refused', reason: 'window' }
    return answer
  }

  #take(
    answer: Answer,
    id: string,
    server: { dateMs: number; sentAtMs: number; answeredAtMs: number },
  ): void {
    const settled = countSlot(this.#budget, id, server.answeredAtMs)
    this.#budget =
      answer.kind === 'limited'
        ? pushBack(settled, null, terms, server.answeredAtMs)
        : clearLimited(settled, terms, server.answeredAtMs)
    this.#apply({ ...this.#eventOf(answer), server })
    if (answer.kind !== 'page') return
    for (const item of answer.items) this.collected.add(item.id)
    this.#before = answer.items
    this.#stored = this.#state.progress
  }

  #eventOf(answer: Answer): Exclude<CollectEvent, AskedEvent> {
    switch (answer.kind) {
      case 'page': {
        const before = new Set(this.#before.map(({ id }) => id))
        const repeated = answer.items.filter(({ id }) => before.has(id)).length
        return { kind: 'page', items: answer.items.length, repeated, next: answer.next }
      }
      case 'failed':
        return { ...answer, retryAfterMs: null }
      case 'limited':
      case 'refused':
        return answer
    }
  }

  #apply(event: CollectEvent): void {
    this.#state = applyEvent(this.#state, event, terms, this.#nowMs())
  }

  #restart(downMs: number, jumpMs: number): void {
    this.#realMs += downMs
    this.#aheadMs += jumpMs
    this.#budget = recoverBudget(this.#budget, terms, this.#nowMs())
    this.#state = orgState(this.#stored, this.#nowMs())
    this.#before = []
  }
}

const dayMs = 86_400_000
const jumpMs = fc.oneof(
  fc.constant(0),
  fc.integer({ min: -5_000, max: 5_000 }),
  fc.integer({ min: -30 * dayMs, max: 30 * dayMs }),
)
const faultKind = fc.constantFrom(
  ...(['failed', 'timed-out', 'limited', 'refused', 'link-refused', 'no-resume', 'no-count'] as const),
  ...(['no-resume-no-count', 'link-lost', 'same-link'] as const),
)
const fault: fc.Arbitrary<Fault> = fc.oneof(
  { weight: 4, arbitrary: fc.constant(fine) },
  { weight: 2, arbitrary: faultKind.map((kind): Fault => ({ kind })) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('crash' as const),
      committed: fc.boolean(),
      jumpMs,
      downMs: fc.integer({ min: 0, max: 20_000 }),
    }),
  },
)
const setting: fc.Arbitrary<Setting> = fc.record({
  recordsPerSec: fc.array(fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 35 })), { minLength: 4, maxLength: 20 }),
  serverAheadMs: fc.integer({ min: -10_000, max: 10_000 }),
  endIncluded: fc.boolean(),
  faults: fc.array(fault, { maxLength: 60, size: 'max' }),
})

describe('collecting through faults', () => {
  it('never marks a second as read with a record missing, or as expired too early', () => {
    fc.assert(
      fc.property(setting, (setting) => {
        const collector = new Collector(setting)
        for (const fault of setting.faults) {
          collector.request(fault)
          for (const interval of collector.progress.coverage) {
            if (interval.level === 'read' || interval.level === 'final')
              expect(collector.missingOf(interval)).toEqual([])
            // The margins: two terms after refusals, the travel time of the request, and the resolution of
            // the server's clock.
            if (interval.level === 'gap')
              expect(interval.toSec * 1_000 + 115_000).toBeLessThanOrEqual(collector.serverMs)
          }
        }
      }),
      { numRuns: 200 },
    )
  })

  it('reads all existing records soon after the last fault', () => {
    fc.assert(
      fc.property(setting, (setting) => {
        const collector = new Collector(setting)
        for (const fault of setting.faults) collector.request(fault)
        const faultlessFromMs = collector.realMs
        while (collector.realMs < faultlessFromMs + 200_000) collector.request(fine)
        const { coverage, originSec } = collector.progress
        expect(coverageFrontierSec(coverage, originSec)).toBeGreaterThan(collector.headSec - 10)
        for (const interval of coverage)
          if (interval.level === 'read' || interval.level === 'final')
            expect(collector.missingOf(interval)).toEqual([])
      }),
      { numRuns: 200 },
    )
  })
})
