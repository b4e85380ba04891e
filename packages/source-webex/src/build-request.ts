import type { SourceRequest } from '@cdrstream/engine'
import type { TransportRequest } from './transport.ts'

interface RequestParts {
  /** The address of the API's version, without a slash at its end. */
  readonly baseUrl: string
  readonly locations: readonly string[]
  readonly token: string
  readonly trackingId: string
  readonly userAgent: string
}

export type BuiltRequest = Omit<TransportRequest, 'signal'>

/** The HTTP request for a window or for a further page of it (API facts, sections 2, 3 and 6). */
export function buildRequest(request: SourceRequest, parts: RequestParts): BuiltRequest {
  const query = request.kind === 'initial' ? windowQuery(request, parts.locations) : sendable(request.link)
  return {
    // Host and path are ours also for a page: where a Link header points otherwise, the token does not go.
    url: `${parts.baseUrl}/cdr_stream?${query}`,
    headers: {
      authorization: `Bearer ${parts.token}`,
      accept: 'application/json',
      'accept-encoding': 'gzip',
      'user-agent': parts.userAgent,
      trackingid: parts.trackingId,
    },
  }
}

/**
 * The window `[fromSec, toSec)` is asked for as startTime = fromSec and endTime = toSec. What was seen of the
 * API are bounds that include their whole second; whether endTime does is not known (section 16, U1). If it
 * does, second `toSec` comes a second time with the next window, and is recognized as known. If it does not,
 * touching windows are exact. Asking for less could leave a gap.
 */
function windowQuery(
  { window, max }: Extract<SourceRequest, { kind: 'initial' }>,
  locations: readonly string[],
): string {
  // Raw colons, as in the API's own links.
  const query = `startTime=${isoTime(window.fromSec)}&endTime=${isoTime(window.toSec)}&max=${max}`
  return locations.length === 0 ? query : `${query}&locations=${locations.map(encodeName).join(',')}`
}

function encodeName(name: string): string {
  return encodeURIComponent(name.toWellFormed())
}

function isoTime(sec: number): string {
  return new Date(sec * 1_000).toISOString()
}

/**
 * The query of a link, unchanged but for what no request line may hold: spaces, control characters, and what
 * is not ASCII. A header value comes as one character a byte, so the two bytes of a UTF-8 ü are two
 * characters here, and become its %C3%BC.
 */
function sendable(query: string): string {
  return query
    .toWellFormed()
    .replace(/[^\x21-\x7e]/gu, (character) =>
      character <= '\xff'
        ? `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
        : encodeURIComponent(character),
    )
}
