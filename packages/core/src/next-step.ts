import { allowedAtMs, type Budget } from './budget/budget.ts'
import { abandonReading, type OrgState, type Reading } from './org-state.ts'
import type { PlannedWindow } from './plan-view.ts'
import { planWindow } from './plan-window.ts'
import { nextHeadAtMs } from './readable-span.ts'
import type { Terms } from './terms.ts'

/** What to do next. */
export type Step = AskStep | FollowStep | WaitStep

/** Send an initial request. */
export interface AskStep extends PlannedWindow {
  readonly kind: 'ask'
}

/** Send the request for the next page. */
export interface FollowStep {
  readonly kind: 'follow'
  readonly link: string
}

/** Send nothing yet. */
export interface WaitStep {
  readonly kind: 'wait'
  /** In milliseconds. Infinity: until a request in flight with the same credential is answered. */
  readonly untilMs: number
  /**
   * - `budget`: the rate limit of initial requests
   * - `pages`: the rate limit of page requests; the org does not need an initial request meanwhile
   * - `head`: nothing new can be read yet
   * - `failure`: a pause after a failure or a refusal
   */
  readonly reason: 'budget' | 'pages' | 'head' | 'failure'
}

/**
 * Returns what to do next. Pure: the caller performs the step and reports the result as an event to
 * `applyEvent`.
 */
export function nextStep(state: OrgState, budget: Budget, terms: Terms, nowMs: number): Step {
  if (state.waitUntilMs > nowMs) return { kind: 'wait', untilMs: state.waitUntilMs, reason: 'failure' }

  const initialAtMs = allowedAtMs(budget, 'initial', terms)
  const { reading } = state
  if (reading !== null && reading.link !== null) {
    const pageAtMs = allowedAtMs(budget, 'page', terms)
    // Pages are followed within the minute of their initial request; then a new initial request resumes where
    // they ended. A window without a resume point has to be followed to its end, within the number of pages
    // that `applyEvent` allows.
    if (Math.max(pageAtMs, nowMs) < initialAtMs || !canResume(reading)) {
      return pageAtMs <= nowMs
        ? { kind: 'follow', link: reading.link }
        : { kind: 'wait', untilMs: pageAtMs, reason: 'pages' }
    }
  }
  if (initialAtMs > nowMs) return { kind: 'wait', untilMs: initialAtMs, reason: 'budget' }

  const plan = planWindow(abandonReading(state), terms, nowMs)
  return plan === undefined
    ? { kind: 'wait', untilMs: nextHeadAtMs(state, terms, nowMs), reason: 'head' }
    : { kind: 'ask', ...plan }
}

/** Returns whether a new initial request could resume after the part of the window that was read. */
export function canResume(reading: Reading): boolean {
  return reading.readToSec > reading.window.fromSec
}
