import type { RateTerm, Terms } from './terms.ts'

/** What the rate limit tells apart: the first request of a window, and the requests for its further pages. */
export type RequestKind = 'initial' | 'page'

/** One request that was sent, or is about to be. */
interface Slot {
  readonly id: string
  readonly kind: RequestKind
  /**
   * From when the slot counts, in milliseconds: the arrival of the response's headers; for a request that was
   * never answered, the time that it was found so. Null while the request is in flight. Counting from the
   * arrival, not from sending, no delay of the network can bring two requests into one minute of the server.
   */
  readonly countsFromMs: number | null
}

/** What the rate limit still allows a credential. Plain data, kept in the journal. */
export interface Budget {
  /** The slots that may still count. */
  readonly slots: readonly Slot[]
  /** A 429 forbids any request before this time, in milliseconds; 0 if none does. */
  readonly notBeforeMs: number
  /**
   * How long `notBeforeMs` was away when it was set, in milliseconds; absent in the budgets of older
   * versions.
   */
  readonly pushBackMs?: number
  /** How many answers in a row were 429. */
  readonly limitedInARow: number
  /** While it seems that someone else uses the credential too: all slots count twice as long. */
  readonly foreignUse?: ForeignUse
  /** Of the machine on which the budget was recovered last, by the clock that its times are of. */
  readonly boot?: Boot
}

/**
 * Noticed by three 429 in a row; ends when a request is answered and for as long as a slot counts then none
 * was 429.
 */
interface ForeignUse {
  /** In milliseconds. */
  readonly sinceMs: number
  /** When the last 429 came, in milliseconds. */
  readonly limitedAtMs: number
}

/**
 * When the machine was started. The same start at another time means that somebody has set the clock since.
 */
export interface Boot {
  /** Another one for each start of each machine. */
  readonly id: string
  /** In milliseconds, by the clock of the process that asks. */
  readonly atMs: number
}

/** The budget of a credential that has sent nothing. */
export const unusedBudget: Budget = { slots: [], notBeforeMs: 0, limitedInARow: 0 }

/** So many 429 in a row mean that someone else uses the credential too. */
export const foreignUserAfter = 3

/**
 * When the next request of this kind may be sent, in milliseconds; a time that has passed means now. Infinity
 * while that depends on a request in flight.
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

/** Takes a slot for a request that is about to be sent; undefined if none is free. */
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

/** The request was answered, or will not be any more: its slot counts from here. */
export function countSlot(budget: Budget, id: string, countsFromMs: number): Budget {
  return {
    ...budget,
    slots: budget.slots.map((slot) => (slot.id === id ? { ...slot, countsFromMs } : slot)),
  }
}

/** What every answer to a request has, whatever it means: all that the budget depends on. */
export interface Answered {
  /** `limited`: the status was 429. */
  readonly kind: 'page' | 'limited' | 'refused' | 'failed'
  /** When the headers arrived, in milliseconds by the clock of the collector; null when none did. */
  readonly answeredAtMs: number | null
  /** How long the server asks to wait, in milliseconds; null if it does not say. */
  readonly retryAfterMs?: number | null
}

/** Returns the budget after a request was answered, or was given up. */
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

/** The server answered with something else than 429. */
export function clearLimited(budget: Budget, terms: Terms, nowMs: number): Budget {
  const { foreignUse, ...rest } = budget
  const cleared = { ...rest, limitedInARow: 0 }
  if (foreignUse === undefined) return cleared
  const quietMs = nowMs - foreignUse.limitedAtMs
  return quietMs >= countingSpanMs(budget, terms.initialRequests) ? cleared : { ...cleared, foreignUse }
}

/**
 * The server answered 429: nothing goes out before the longer of its own wish and the term of an initial
 * request.
 */
export function pushBack(budget: Budget, retryAfterMs: number | null, terms: Terms, nowMs: number): Budget {
  const { perMs } = terms.initialRequests
  // An absurd Retry-After must not stop a collector whose records expire.
  const waitMs = Math.min(Math.max(retryAfterMs ?? 0, perMs), maxPushBackPers * perMs)
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

const maxPushBackPers = 60

/**
 * The request was not answered, and nobody waits for it any more: it may still be on its way, so its slot
 * counts from a little later than now.
 */
export function giveUpSlot(budget: Budget, id: string, terms: Terms, nowMs: number): Budget {
  return countSlot(budget, id, nowMs + travelMs(terms))
}

/**
 * What a starting collector does with the budget that it finds. Requests that a crash left unanswered are
 * given up, stamped once: a process that restarts often still gets its turn. Times in the future come from a
 * clock that was set back; where one was set forward, what happened a moment ago looks old, and only the
 * start of the machine tells.
 */
export function recoverBudget(budget: Budget, terms: Terms, nowMs: number, boot?: Boot): Budget {
  const latestMs = nowMs + travelMs(terms)
  const aheadMs = setForwardMs(budget.boot, boot)
  // A push-back never lasts longer than the server asked for, whatever the clock shows.
  const longestMs = maxPushBackPers * terms.initialRequests.perMs
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

/** By how much the clock was set forward between the two, as far as that can be told. */
function setForwardMs(before: Boot | undefined, now: Boot | undefined): number {
  return before === undefined || now === undefined || before.id !== now.id
    ? 0
    : Math.max(0, now.atMs - before.atMs)
}

/** How long a request that nobody waits for may still take to arrive: 10 s of a minute. */
function travelMs(terms: Terms): number {
  return terms.initialRequests.perMs / 6
}

/**
 * A little more than the term, so that a clock that runs fast by a few parts in a thousand breaks no limit.
 */
function countingSpanMs(budget: Budget, term: RateTerm): number {
  const spanMs = Math.ceil(term.perMs * 1.005)
  return budget.foreignUse === undefined ? spanMs : 2 * spanMs
}

function rateTerm(terms: Terms, kind: RequestKind): RateTerm {
  return kind === 'initial' ? terms.initialRequests : terms.pageRequests
}
