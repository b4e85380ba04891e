import type { FailedEvent, ServerTime } from '@cdrstream/core'
import type { Answer, FailedAnswer } from './ports/index.ts'

/** Returns the server's time as the answer tells it, or undefined if it has no Date header. */
export function serverTime(answer: Answer<unknown>, sentAtMs: number): ServerTime | undefined {
  const { serverDateMs, answeredAtMs } = answer
  return serverDateMs === null || answeredAtMs === null
    ? undefined
    : { dateMs: serverDateMs, sentAtMs, answeredAtMs }
}

/**
 * Returns whether the API itself must have written the answer: a failure may come from a gateway or a proxy.
 */
export function tellsTime(answer: Answer<unknown>): boolean {
  return answer.kind === 'page' || (answer.kind === 'refused' && answer.reason === 'window')
}

/**
 * Returns whether the request has led on, after this many failures in a row before it. The search for seconds
 * that the API cannot serve, and that for the server's time, are made of answers that bring no page.
 */
export function leadsOn(answer: Answer<unknown>, failuresBefore: number): boolean {
  switch (answer.kind) {
    case 'page':
      return true
    case 'failed':
      return answer.answeredAtMs !== null && failuresBefore === 0
    case 'refused':
      return answer.reason === 'window'
    case 'limited':
      return false
  }
}

/** Cisco's support finds a request by either. */
export function trackingIds({ trackingId, sentTrackingId }: Answer<unknown>) {
  return { trackingId, sentTrackingId }
}

/**
 * Returns what may be to blame for a failure. A server that does not answer at all says nothing about the
 * size of the window.
 */
export function blameOf({ reason, status, answeredAtMs }: FailedAnswer): FailedEvent['blame'] {
  switch (reason) {
    case 'token':
    case 'region':
    case 'sign-in':
      return 'elsewhere'
    case 'too-large':
      return 'size'
    case 'timeout':
      return answeredAtMs === null ? 'unknown' : 'size'
    case 'unreachable':
    case 'unavailable':
    case 'malformed':
      return status === 504 ? 'size' : 'unknown'
  }
}
