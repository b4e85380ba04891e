import type { SourceRequest } from '@cdrstream/engine'
import type { TransportRequest } from './transport.ts'

interface RequestParts {
  /** The base URL of the API, including its version, without a trailing slash. */
  readonly baseUrl: string
  readonly locations: readonly string[]
  readonly token: string
  readonly trackingId: string
  readonly userAgent: string
}

export type BuiltRequest = Omit<TransportRequest, 'signal'>

/** Returns the HTTP request for a window or one of its further pages (API facts, sections 2, 3 and 6). */
export function buildRequest(request: SourceRequest, parts: RequestParts): BuiltRequest {
  const query = request.kind === 'initial' ? windowQuery(request, parts.locations) : sendable(request.link)
  return {
    // Host and path come from the configuration even for further pages, so that a Link header cannot send the
    // token elsewhere.
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
 * Requests the window `[fromSec, toSec)` as startTime = fromSec and endTime = toSec. The API has been
 * observed to include the whole second of a bound, but not confirmed to do so for endTime (section 16, U1).
 * If it does, second `toSec` arrives again with the next window and is recognized as repeated. Otherwise,
 * adjacent windows are exact. Requesting less could leave a gap.
 */
function windowQuery(
  { window, max }: Extract<SourceRequest, { kind: 'initial' }>,
  locations: readonly string[],
): string {
  // Colons are not encoded, as in the API's links.
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
 * Returns the query of a link, encoding only the characters that a request line cannot contain: spaces,
 * control characters, and anything outside ASCII. Node passes header values with one character per byte, so
 * the two bytes of a UTF-8 ü are two characters here, and become its %C3%BC.
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
