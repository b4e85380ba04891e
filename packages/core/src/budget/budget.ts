import type { RateTerm, Terms } from '../terms.ts'

/**
 * The kinds of requests that the rate limit counts separately: a window's first request, and requests for its
 * further pages.
 */
export type RequestKind = 'initial' | 'page'

/** A request that was sent or is about to be sent. */
interface Slot {
  readonly id: string
  readonly kind: RequestKind
  /**
   * When the slot starts to count, in milliseconds: when the response headers arrived, or when an unanswered
   * request was given up. Null while the request is in flight. Because counting starts on arrival and not on
   * sending, network delay cannot put two requests into one minute on the server.
   */
  readonly countsFromMs: number | null
}

/** How many more requests the rate limit allows a credential. Plain data, stored in the journal. */
export interface Budget {
  /** The slots that may still count. */
  readonly slots: readonly Slot[]
  /** No request is allowed before this time because of a 429, in milliseconds; 0 if there is no such time. */
  readonly notBeforeMs: number
  /**
   * How far in the future `notBeforeMs` was when it was set, in milliseconds; missing in budgets of older
   * versions.
   */
  readonly pushBackMs?: number
  /** The number of consecutive 429 responses. */
  readonly limitedInARow: number
  /** Present while another application seems to use the credential: all slots then count twice as long. */
  readonly foreignUse?: ForeignUse
  /**
   * When the machine that last recovered the budget was booted, by the clock that the budget's times refer
   * to.
   */
  readonly boot?: Boot
}

/**
 * Starts after three consecutive 429 responses. Ends when a request succeeds and no 429 has arrived for as
 * long as a slot then counts.
 */
interface ForeignUse {
  /** In milliseconds. */
  readonly sinceMs: number
  /** When the last 429 arrived, in milliseconds. */
  readonly limitedAtMs: number
}

/**
 * When the machine was started. The same boot with a different time means that the clock has been changed
 * since.
 */
export interface Boot {
  /** Unique for each start of each machine. */
  readonly id: string
  /** In milliseconds, by the clock of the calling process. */
  readonly atMs: number
}

/** The budget of a credential that has sent nothing. */
export const unusedBudget: Budget = { slots: [], notBeforeMs: 0, limitedInARow: 0 }

/** How many consecutive 429 responses mean that another application uses the credential. */
export const foreignUserAfter = 3

/**
 * Returns when the next request of this kind may be sent, in milliseconds; a time in the past means now.
 * Infinity if that depends on a request in flight.
 */
export function allowedAtMs(budget: Budget, kind: RequestKind, terms: Terms): number {
  const term = rateTerm(terms, kind)
  const spanMs = countingSpanMs(budget, term)
  const freeAtMs = budget.slots
    .filter((slot) => slot.kind === kind)
    .map((slot) => (slot.countsFromMs === null ? Number.POSITIVE_INFINITY : slot.countsFromMs + spanMs))
    .sort((a, b) => b - a)
  return Math.max(budget.notBeforeMs, freeAtMs[term.count - 1] ?? 0)
}

/** Returns the budget with a slot for a request that is about to be sent, or undefined if none is free. */
export function reserveSlot(
  budget: Budget,
  kind: RequestKind,
  id: string,
  terms: Terms,
  nowMs: number,
): Budget | undefined {
  if (allowedAtMs(budget, kind, terms) > nowMs) return undefined
  const slots = budget.slots.filter(
    (slot) =>
      slot.countsFromMs === null ||
      slot.countsFromMs + countingSpanMs(budget, rateTerm(terms, slot.kind)) > nowMs,
  )
  return { ...budget, slots: [...slots, { id, kind, countsFromMs: null }] }
}

/** Returns the budget after the request was answered or given up: its slot counts from this time. */
export function countSlot(budget: Budget, id: string, countsFromMs: number): Budget {
  return {
    ...budget,
    slots: budget.slots.map((slot) => (slot.id === id ? { ...slot, countsFromMs } : slot)),
  }
}

/** The properties of a response that the budget depends on. */
export interface Answered {
  /** `limited`: the status was 429. */
  readonly kind: 'page' | 'limited' | 'refused' | 'failed'
  /** When the headers arrived, in milliseconds by the collector's clock; null if none arrived. */
  readonly answeredAtMs: number | null
  /** How long the server asks the client to wait, in milliseconds; null if not specified. */
  readonly retryAfterMs?: number | null
}

/** Returns the budget after a request was answered or given up. */
export function budgetAfter(
  budget: Budget,
  id: string,
  answer: Answered,
  terms: Terms,
  nowMs: number,
): Budget {
  const { answeredAtMs } = answer
  if (answeredAtMs === null) return giveUpSlot(budget, id, terms, nowMs)
  const counted = countSlot(budget, id, answeredAtMs)
  return answer.kind === 'limited'
    ? pushBack(counted, answer.retryAfterMs ?? null, terms, answeredAtMs)
    : clearLimited(counted, terms, answeredAtMs)
}

/** Returns the budget after any response other than 429. */
export function clearLimited(budget: Budget, terms: Terms, nowMs: number): Budget {
  const { foreignUse, ...rest } = budget
  const cleared = { ...rest, limitedInARow: 0 }
  if (foreignUse === undefined) return cleared
  const quietMs = nowMs - foreignUse.limitedAtMs
  return quietMs >= countingSpanMs(budget, terms.initialRequests) ? cleared : { ...cleared, foreignUse }
}

/**
 * Returns the budget after a 429: no request is sent before the longer of Retry-After and the period of
 * initial requests.
 */
export function pushBack(budget: Budget, retryAfterMs: number | null, terms: Terms, nowMs: number): Budget {
  const { perMs } = terms.initialRequests
  // An absurd Retry-After must not stop a collector whose records expire.
  const waitMs = Math.min(Math.max(retryAfterMs ?? 0, perMs), maxPushBackIntervals * perMs)
  const limitedInARow = budget.limitedInARow + 1
  const isForeign = budget.foreignUse !== undefined || limitedInARow >= foreignUserAfter
  const notBeforeMs = Math.max(budget.notBeforeMs, nowMs + waitMs)
  return {
    ...budget,
    notBeforeMs,
    pushBackMs: notBeforeMs - nowMs,
    limitedInARow,
    ...(isForeign && {
      foreignUse: { sinceMs: budget.foreignUse?.sinceMs ?? nowMs, limitedAtMs: nowMs },
    }),
  }
}

const maxPushBackIntervals = 60

/**
 * Returns the budget after a request was given up without a response. It may still be on its way, so its slot
 * counts from a little later than now.
 */
export function giveUpSlot(budget: Budget, id: string, terms: Terms, nowMs: number): Budget {
  return countSlot(budget, id, nowMs + travelMs(terms))
}

/**
 * Returns the budget with which a starting collector continues. Requests that a crash left unanswered are
 * given up and stamped once, so that a process that restarts often still gets slots. Times in the future come
 * from a clock that was set back. If a clock was set forward, recent requests look old; this can only be
 * detected from the machine's boot time.
 */
export function recoverBudget(budget: Budget, terms: Terms, nowMs: number, boot?: Boot): Budget {
  const latestMs = nowMs + travelMs(terms)
  const aheadMs = setForwardMs(budget.boot, boot)
  // A push-back never lasts longer than the server asked for, regardless of the clock.
  const longestMs = maxPushBackIntervals * terms.initialRequests.perMs
  const { foreignUse } = budget
  return {
    ...budget,
    notBeforeMs: Math.min(
      budget.notBeforeMs + aheadMs,
      nowMs + Math.min(budget.pushBackMs ?? longestMs, longestMs),
    ),
    slots: budget.slots.map((slot) => ({
      ...slot,
      countsFromMs: Math.min((slot.countsFromMs ?? latestMs) + aheadMs, latestMs),
    })),
    ...(foreignUse && {
      foreignUse: {
        sinceMs: Math.min(foreignUse.sinceMs + aheadMs, nowMs),
        limitedAtMs: Math.min(foreignUse.limitedAtMs + aheadMs, nowMs),
      },
    }),
    ...(boot && { boot }),
  }
}

/** Returns how far the clock was set forward between the two readings; 0 if unknown. */
function setForwardMs(before: Boot | undefined, now: Boot | undefined): number {
  return before === undefined || now === undefined || before.id !== now.id
    ? 0
    : Math.max(0, now.atMs - before.atMs)
}

/** Returns how long a request that was given up can still take to arrive: 10 s per minute of the period. */
function travelMs(terms: Terms): number {
  return terms.initialRequests.perMs / 6
}

/**
 * Returns slightly more than the period, so that a clock a few parts per thousand too fast breaks no limit.
 */
function countingSpanMs(budget: Budget, term: RateTerm): number {
  const spanMs = Math.ceil(term.perMs * 1.005)
  return budget.foreignUse === undefined ? spanMs : 2 * spanMs
}

function rateTerm(terms: Terms, kind: RequestKind): RateTerm {
  return kind === 'initial' ? terms.initialRequests : terms.pageRequests
}
