import type { RateTerm, Terms } from './terms.ts'

/** What the rate limit tells apart: the first request of a window, and the requests for its further pages. */
export type RequestKind = 'initial' | 'page'

/** One request that was sent, or is about to be. */
export interface Slot {
  readonly id: string
  readonly kind: RequestKind
  /**
   * From when the slot counts, in milliseconds: the arrival of the response's headers; for a request that was never answered, the
   * time that it was found so. Null while the request is in flight. Counting from the arrival, not from sending, no delay of the
   * network can bring two requests into one minute of the server.
   */
  readonly countsFromMs: number | null
}

/** What the rate limit still allows a credential. Plain data, kept in the journal. */
export interface Budget {
  /** The slots that may still count. */
  readonly slots: readonly Slot[]
  /** A 429 forbids any request before this time, in milliseconds; 0 if none does. */
  readonly notBeforeMs: number
  /** How many answers in a row were 429. */
  readonly limitedInARow: number
}

export const unusedBudget: Budget = { slots: [], notBeforeMs: 0, limitedInARow: 0 }

/** So many 429 in a row mean that someone else uses the credential too. */
export const foreignUserAfter = 3

/**
 * When the next request of this kind may be sent, in milliseconds; a time that has passed means now. Infinity while that depends on a
 * request in flight.
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
export function settleSlot(budget: Budget, id: string, countsFromMs: number): Budget {
  return {
    ...budget,
    slots: budget.slots.map((slot) => (slot.id === id ? { ...slot, countsFromMs } : slot)),
  }
}

/** The server answered with something else than 429. */
export function clearLimited(budget: Budget): Budget {
  return { ...budget, limitedInARow: 0 }
}

/** The server answered 429: nothing goes out before the longer of its own wish and the term of an initial request. */
export function pushBack(budget: Budget, retryAfterMs: number | null, terms: Terms, nowMs: number): Budget {
  const { perMs } = terms.initialRequests
  // An absurd Retry-After must not stop a collector whose records expire.
  const waitMs = Math.min(Math.max(retryAfterMs ?? 0, perMs), maxPushBackPers * perMs)
  return {
    ...budget,
    notBeforeMs: Math.max(budget.notBeforeMs, nowMs + waitMs),
    limitedInARow: budget.limitedInARow + 1,
  }
}

const maxPushBackPers = 60

/**
 * The request was not answered, and nobody waits for it any more: it may still be on its way, so its slot counts from a little
 * later than now.
 */
export function giveUpSlot(budget: Budget, id: string, terms: Terms, nowMs: number): Budget {
  return settleSlot(budget, id, nowMs + travelMs(terms))
}

/**
 * What a starting collector does with the budget that it finds. Requests that a crash left unanswered are given up, stamped
 * once: a process that restarts often still gets its turn. Times in the future come from a clock that has jumped.
 */
export function recoverBudget(budget: Budget, terms: Terms, nowMs: number): Budget {
  const latestMs = nowMs + travelMs(terms)
  return {
    ...budget,
    notBeforeMs: Math.min(budget.notBeforeMs, nowMs + maxPushBackPers * terms.initialRequests.perMs),
    slots: budget.slots.map((slot) => ({
      ...slot,
      countsFromMs: Math.min(slot.countsFromMs ?? latestMs, latestMs),
    })),
  }
}

/** How long a request that nobody waits for may still take to arrive: 10 s of a minute. */
function travelMs(terms: Terms): number {
  return terms.initialRequests.perMs / 6
}

/** A little more than the term, so that a clock that runs fast by a few parts in a thousand breaks no limit. */
function countingSpanMs(budget: Budget, term: RateTerm): number {
  const spanMs = Math.ceil(term.perMs * 1.005)
  return budget.limitedInARow >= foreignUserAfter ? 2 * spanMs : spanMs
}

function rateTerm(terms: Terms, kind: RequestKind): RateTerm {
  return kind === 'initial' ? terms.initialRequests : terms.pageRequests
}
