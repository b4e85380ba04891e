import type { Fault } from './faults.ts'

export interface SimulatedResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** What whoever carries the answer has to do to it. */
  readonly fault?: Fault
  /** To be called when the answer was carried whole: only then its items count as shown. */
  readonly delivered: () => void
  /** To be called when the exchange is over, in whatever way. Of a token request only. */
  readonly ended?: () => void
}

/** Headers that every answer has. */
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

/** The usual Webex error body (api facts, section 8). */
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

/** An error that comes with the status of a page. */
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

/** As gateways answer: HTML for 502. */
export function serverErrorAnswer(status: 500 | 502 | 503 | 504, stamp: Stamp): SimulatedResponse {
  if (status !== 502) return errorAnswer(status, 'Something went wrong', stamp)
  return {
    status,
    headers: { ...stamp, 'content-type': 'text/html' },
    body: '<html><body>Bad Gateway</body></html>',
    delivered: nothing,
  }
}

/** For a path that is not the API's. */
export function unknownPathAnswer(stamp: Stamp): SimulatedResponse {
  return {
    status: 404,
    headers: { ...stamp, 'content-type': 'text/plain' },
    body: 'Not Found',
    delivered: nothing,
  }
}

function nothing(): void {}
