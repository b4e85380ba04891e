import { expect } from 'vitest'
import { countSlot } from '../../src/budget/budget.ts'
import { type Budget, reserveSlot, unusedBudget } from '../../src/budget/index.ts'
import {
  applyEvent,
  type CollectEvent,
  coverageEdgeSec,
  defaultTerms,
  type FailedEvent,
  firstProgress,
  nextStep,
  type OrgState,
  orgState,
  type Progress,
  readableSpan,
  type Span,
  type Terms,
  unreadSpans,
} from '../../src/index.ts'
import type { Purpose } from '../../src/org-state.ts'

const startMs = Date.UTC(2026, 8, 24)
export const startSec = startMs / 1_000
export const minute = 60
export const hour = 60 * minute

interface Asked {
  readonly window: Span
  /** 0 for the response to an initial request. */
  readonly page: number
  readonly nowSec: number
}

type Answer = Exclude<CollectEvent, { kind: 'asked' }>
export type Api = (asked: Asked) => Answer

export const served: Answer = { kind: 'page', items: 10, repeated: 0, next: null }
export const failed = (blame: FailedEvent['blame'] = 'unknown'): Answer => ({
  kind: 'failed',
  blame,
  retryAfterMs: null,
})
export const refused: Answer = { kind: 'refused', reason: 'window' }
export const page = (query: number, resumeSec: number | null = null): Answer => ({
  kind: 'page',
  items: 10,
  repeated: 0,
  next: { query: String(query), resumeMs: resumeSec === null ? null : resumeSec * 1_000, totalCount: null },
})

export const overlaps = ({ fromSec, toSec }: Span, seconds: readonly number[]) =>
  seconds.some((sec) => fromSec <= sec && sec < toSec)
export const span = (fromSec: number, lengthSec: number): Span => ({ fromSec, toSec: fromSec + lengthSec })

/** Runs all decisions about one org together, in virtual time, against an API that a function simulates. */
export class World {
  readonly initials: { readonly purpose: Purpose; readonly window: Span; readonly atSec: number }[] = []
  /** How many seconds the newest read second was behind the head at each request. */
  readonly behindSec: { readonly atSec: number; readonly sec: number }[] = []
  state: OrgState
  readonly #api: Api
  readonly #terms: Terms
  #nowMs = startMs
  #budget: Budget = unusedBudget
  #page = 0
  #ids = 0

  constructor(api: Api, { reachSec = 12 * hour, terms = defaultTerms } = {}) {
    this.#api = api
    this.#terms = terms
    this.state = orgState(firstProgress(reachSec * 1_000, terms, startMs), startMs)
    this.state = { ...this.state, server: { aheadMinMs: 0, aheadMaxMs: 0, learnedAtMs: startMs } }
  }

  get progress(): Progress {
    return this.state.progress
  }

  get nowSec(): number {
    return this.#nowMs / 1_000
  }

  /** Simulates a crash: everything except the progress is lost. */
  restart(): void {
    const { server } = this.state
    this.state = { ...orgState(this.progress, this.#nowMs), server }
  }

  /** Runs the world for this many seconds. */
  pass(sec: number): this {
    const untilMs = this.#nowMs + sec * 1_000
    while (this.#nowMs < untilMs) this.#step()
    return this
  }

  #step(): void {
    const step = nextStep(this.state, this.#budget, this.#terms, this.#nowMs)
    if (step.kind === 'wait') {
      this.#nowMs = Math.max(this.#nowMs + 1, Math.ceil(step.untilMs))
      return
    }
    const id = String(++this.#ids)
    const kind = step.kind === 'ask' ? 'initial' : 'page'
    this.#budget =
      reserveSlot(this.#budget, kind, id, this.#terms, this.#nowMs) ??
      expect.fail('the budget allows no request')
    if (step.kind === 'ask') {
      this.initials.push({ purpose: step.purpose, window: step.window, atSec: this.nowSec })
      this.#apply({ ...step, kind: 'asked' })
    }
    this.#page = step.kind === 'ask' ? 0 : this.#page + 1
    const { window } = this.state.reading ?? expect.fail('nothing is being read')
    this.#nowMs += this.#terms.initialRequests.perMs / 60
    this.#budget = countSlot(this.#budget, id, this.#nowMs)
    this.#apply(this.#api({ window, page: this.#page, nowSec: this.nowSec }))
    const headSec = readableSpan(this.state, this.#terms, this.#nowMs).toSec
    const { coverage, originSec } = this.progress
    this.behindSec.push({ atSec: this.nowSec, sec: headSec - coverageEdgeSec(coverage, originSec) })
  }

  #apply(event: CollectEvent): void {
    this.state = applyEvent(this.state, event, this.#terms, this.#nowMs)
  }

  headSec(): number {
    return readableSpan(this.state, this.#terms, this.#nowMs).toSec
  }

  unread(): readonly Span[] {
    return unreadSpans(this.progress.coverage, {
      fromSec: this.progress.originSec,
      toSec: this.headSec() - 5 * minute,
    })
  }

  /** Returns the longest lag of the head from this time on. */
  longestLagSec(fromSec: number): number {
    return Math.max(...this.behindSec.filter(({ atSec }) => atSec >= fromSec).map(({ sec }) => sec))
  }
}

export const cannotServe =
  (seconds: readonly number[], how = failed()): Api =>
  ({ window }) =>
    overlaps(window, seconds) ? how : served
