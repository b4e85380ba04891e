import type { Fault } from './faults.ts'

/** An API response, for a server or a test transport to deliver. */
export interface SimulatedResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** The fault that the server or transport must inject while delivering the response. */
  readonly fault?: Fault
  /** Call it after the response was delivered completely. Only then do its items count as shown. */
  readonly delivered: () => void
  /** Call it when the exchange is over, regardless of how it ended. Only token requests have it. */
  readonly ended?: () => void
}

/** The headers of every response. */
export type Stamp = Readonly<Record<'date' | 'trackingid', string>>

export function pageAnswer(
  itemTexts: readonly string[],
  headers: Readonly<Record<string, string>>,
  stamp: Stamp,
  delivered: () => void,
): SimulatedResponse {
  return {
    status: 200,
    headers: { ...stamp, 'content-type': 'application/json', ...headers },
    body: `{"items":[${itemTexts.join(',')}]}`,
    delivered,
  }
}

export function emptyAnswer(
  emptyAs: 'empty-list' | 'not-found' | 'no-content',
  stamp: Stamp,
): SimulatedResponse {
  switch (emptyAs) {
    case 'no-content':
      return { status: 204, headers: { ...stamp }, body: '', delivered: nothing }
    case 'not-found':
      return errorAnswer(404, 'No CDRs for requested time range and filters', stamp)
    case 'empty-list':
      return pageAnswer([], {}, stamp, nothing)
  }
}

/** Returns an error with the usual Webex body (docs/api/webex-cdr-api.md, section 8). */
export function errorAnswer(status: number, message: string, stamp: Stamp): SimulatedResponse {
  const body = {
    message,
    errors: [{ description: message }],
    trackingId: stamp.trackingid,
    errorCode: status,
  }
  return {
    status,
    headers: { ...stamp, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    delivered: nothing,
  }
}

/** Returns a 200 whose body contains errors instead of items. */
export function errorsAnswer(stamp: Stamp): SimulatedResponse {
  const errors = [{ description: 'An unexpected error occurred' }]
  return {
    status: 200,
    headers: { ...stamp, 'content-type': 'application/json' },
    body: JSON.stringify({ items: [], errors }),
    delivered: nothing,
  }
}

export function limitedAnswer(retryAfterSec: number | null, stamp: Stamp): SimulatedResponse {
  const answer = errorAnswer(429, 'Request rate exceeds threshold', stamp)
  if (retryAfterSec === null) return answer
  return { ...answer, headers: { ...answer.headers, 'retry-after': String(retryAfterSec) } }
}

/** Returns a server error. A 502 has an HTML body, as gateways send it. */
export function serverErrorAnswer(status: 500 | 502 | 503 | 504, stamp: Stamp): SimulatedResponse {
  if (status !== 502) return errorAnswer(status, 'Something went wrong', stamp)
  return {
    status,
    headers: { ...stamp, 'content-type': 'text/html' },
    body: '<html><body>Bad Gateway</body></html>',
    delivered: nothing,
  }
}

/** Returns the 404 for a path that the API does not have. */
export function unknownPathAnswer(stamp: Stamp): SimulatedResponse {
  return {
    status: 404,
    headers: { ...stamp, 'content-type': 'text/plain' },
    body: 'Not Found',
    delivered: nothing,
  }
}

function nothing(): void {}
