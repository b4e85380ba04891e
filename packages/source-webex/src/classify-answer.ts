import type { Answer, FailedAnswer, Item, RefusedAnswer } from '@cdrstream/engine'
import { findRegionHost } from './find-region-host.ts'
import { firstHeader } from './first-header.ts'
import { parseLinkHeader } from './parse-link-header.ts'
import type { BodyFault } from './read-body.ts'
import { readErrorBody } from './read-error-body.ts'
import { readHttpDate } from './read-http-date.ts'
import { readRetryAfter } from './read-retry-after.ts'
import { safeWords } from './safe-words.ts'
import type { ResponseHeaders } from './transport.ts'

/** An HTTP answer whose body has been read. */
export interface Reply<Read = Item> {
  readonly status: number
  readonly statusText: string
  readonly headers: ResponseHeaders
  readonly body: ReplyBody<Read>
  /** When the headers arrived, by the engine's clock. */
  readonly answeredAtMs: number
  /** The TrackingID that was sent: stands in where the answer has none. */
  readonly sentTrackingId: string
}

export type ReplyBody<Read = Item> =
  /** Of a 200. */
  | { readonly kind: 'items'; readonly items: readonly Read[] }
  /** Of any other status. */
  | { readonly kind: 'text'; readonly text: string }
  | BodyFault

/** What an HTTP answer means (API facts, section 8). The token is what must not appear in a detail. */
export function classifyAnswer<Read>(reply: Reply<Read>, token: string): Answer<Read> {
  const { status } = reply
  switch (status) {
    case 200:
    case 204:
      return page(reply, token)
    case 400:
      return refused(reply, 'window', token)
    case 401:
      return refused(reply, 'token', token)
    case 403:
      return refused(reply, 'permission', token)
    case 404:
      return notFound(reply, token)
    case 405:
    case 410:
    case 415:
      return refused(reply, 'other', token)
    case 429:
      return { kind: 'limited', ...answered(reply, token), retryAfterMs: retryAfterMs(reply) }
    case 451:
      return refused(reply, 'region', token)
    default:
      // A redirect is not followed: it could lead the token elsewhere.
      return status >= 300 && status < 400
        ? refused(reply, 'other', token)
        : failed(reply, 'unavailable', words(reply), token)
  }
}

function page<Read>(reply: Reply<Read>, token: string): Answer<Read> {
  const { status, body, headers } = reply
  const items = status === 204 ? [] : body.kind === 'items' ? body.items : undefined
  if (items === undefined) {
    return body.kind === 'fault'
      ? failed(reply, body.reason, body.detail, token)
      : failed(reply, 'malformed', 'the body is not a page', token)
  }
  const link = parseLinkHeader(headers.link)
  switch (link.kind) {
    case 'none':
      return { kind: 'page', ...answered(reply, token), items, next: null }
    case 'next':
      return { kind: 'page', ...answered(reply, token), items, next: link.next }
    case 'not-understood':
      return failed(reply, 'malformed', 'the Link header is not understood', token)
  }
}

/** A window without records has been seen as 404 with these words; any other 404 is a wrong host or path. */
function notFound<Read>(reply: Reply<Read>, token: string): Answer<Read> {
  const { body } = reply
  if (body.kind === 'fault' && body.reason !== 'too-large')
    return failed(reply, body.reason, body.detail, token)
  const noRecords = 'no cdrs for requested time range'
  const empty = errorWords(reply).some((said) => said.toLowerCase().includes(noRecords))
  return empty
    ? { kind: 'page', ...answered(reply, token), items: [], next: null }
    : refused(reply, 'other', token)
}

function refused(reply: Reply<unknown>, reason: RefusedAnswer['reason'], token: string): RefusedAnswer {
  const { status, body } = reply
  const host = reason === 'region' && body.kind === 'text' ? findRegionHost(body.text) : undefined
  return {
    kind: 'refused',
    ...answered(reply, token),
    status,
    reason,
    ...(host === undefined ? {} : { host }),
    detail: safeWords(words(reply), token),
  }
}

function failed(
  reply: Reply<unknown>,
  reason: FailedAnswer['reason'],
  detail: string,
  token: string,
): FailedAnswer {
  return {
    kind: 'failed',
    ...answered(reply, token),
    status: reply.status,
    reason,
    retryAfterMs: retryAfterMs(reply),
    detail: safeWords(detail, token),
  }
}

function answered(reply: Reply<unknown>, token: string) {
  return {
    answeredAtMs: reply.answeredAtMs,
    serverDateMs: readHttpDate(firstHeader(reply.headers, 'date')),
    trackingId: safeWords(firstHeader(reply.headers, 'trackingid') ?? '', token) || reply.sentTrackingId,
  }
}

function retryAfterMs(reply: Reply<unknown>): number | null {
  const dateMs = readHttpDate(firstHeader(reply.headers, 'date')) ?? reply.answeredAtMs
  return readRetryAfter(firstHeader(reply.headers, 'retry-after'), dateMs)
}

function words(reply: Reply<unknown>): string {
  return errorWords(reply)[0] ?? reply.statusText
}

function errorWords({ body }: Reply<unknown>): readonly string[] {
  return body.kind === 'text' ? readErrorBody(body.text) : []
}
