import type { FailedEvent, ServerTime } from '@cdrstream/core'
import type { Answer, FailedAnswer } from './ports/index.ts'

/** Returns the server's time according to the response, or undefined if it has no Date header. */
export function serverTime(answer: Answer<unknown>, sentAtMs: number): ServerTime | undefined {
  const { serverDateMs, answeredAtMs } = answer
  return serverDateMs === null || answeredAtMs === null
    ? undefined
    : { dateMs: serverDateMs, sentAtMs, answeredAtMs }
}

/**
 * Returns whether the response must come from the API itself: a failure may come from a gateway or a proxy.
 */
export function isFromApi(answer: Answer<unknown>): boolean {
  return answer.kind === 'page' || (answer.kind === 'refused' && answer.reason === 'window')
}

/**
 * Returns whether the response counts as progress, given the number of consecutive failures before it.
 * Responses without a page also count: searches for seconds that the API cannot serve, and for the server's
 * time, consist of them.
 */
export function isProgress(answer: Answer<unknown>, failuresBefore: number): boolean {
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

/** Returns both tracking ids. Cisco support can find a request by either. */
export function trackingIds({ trackingId, sentTrackingId }: Answer<unknown>) {
  return { trackingId, sentTrackingId }
}

/**
 * Returns the possible cause of a failure. A server that does not answer says nothing about the size of
 * the window.
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
