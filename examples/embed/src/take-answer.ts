import {
  type Budget,
  type CollectEvent,
  clearLimited,
  giveUpSlot,
  pushBack,
  settleSlot,
  type Terms,
} from '@cdrstream/core'
import type { Answer } from '@cdrstream/engine'

/** What an answer leaves of the rate limit. */
export function budgetAfter(
  budget: Budget,
  slot: string,
  answer: Answer<unknown>,
  terms: Terms,
  nowMs: number,
): Budget {
  const { answeredAtMs } = answer
  if (answeredAtMs === null) return giveUpSlot(budget, slot, terms, nowMs)
  const settled = settleSlot(budget, slot, answeredAtMs)
  return answer.kind === 'limited'
    ? pushBack(settled, answer.retryAfterMs, terms, answeredAtMs)
    : clearLimited(settled, terms, answeredAtMs)
}

/** The answer in core's words. `repeated`: items that the page before had too. */
export function eventOf(answer: Answer<unknown>, repeated: number, sentAtMs: number): CollectEvent {
  const { serverDateMs: dateMs, answeredAtMs } = answer
  const server = dateMs === null || answeredAtMs === null ? undefined : { dateMs, sentAtMs, answeredAtMs }
  switch (answer.kind) {
    case 'page':
      return { kind: 'page', items: answer.items.length, repeated, next: answer.next, server }
    case 'limited':
      return { kind: 'limited', server }
    case 'refused':
      return { kind: 'refused', reason: answer.reason === 'window' ? 'window' : 'other', server }
    case 'failed':
      return {
        kind: 'failed',
        forItsSize: answer.reason === 'too-large',
        retryAfterMs: answer.retryAfterMs,
        server,
      }
  }
}
