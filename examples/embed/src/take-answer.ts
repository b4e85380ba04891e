import type { CollectEvent } from '@cdrstream/core'
import type { Answer } from '@cdrstream/engine'

/** Converts a response to a core event. `repeated` is the number of items that the previous page also had. */
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
        blame: answer.reason === 'too-large' ? 'size' : 'unknown',
        retryAfterMs: answer.retryAfterMs,
        server,
      }
  }
}
