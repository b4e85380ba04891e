import type { IncomingMessage } from 'node:http'
import type { HostRules } from './host-rules.ts'

/** Why a request is refused. */
export interface Refusal {
  readonly status: 400 | 403 | 405 | 413 | 421
  readonly error: string
}

/** Returns why a request is refused, regardless of its path; undefined if it is accepted. */
export function refuseRequest(request: IncomingMessage, acceptsHost: HostRules): Refusal | undefined {
  const { method, url = '', headers, headersDistinct } = request
  // Node uses the first header, but a reverse proxy may have checked a different one.
  if ((headersDistinct.host?.length ?? 0) > 1) {
    return { status: 400, error: 'A request must have one Host header.' }
  }
  if (!acceptsHost(headers.host)) {
    return {
      status: 421,
      error:
        'This server does not accept the host in the request. See http.allowedHosts in the documentation.',
    }
  }
  // The target of a proxy request also contains a host, which could differ from the Host header.
  if (!url.startsWith('/')) return { status: 400, error: 'The request target must be a path.' }
  if (method !== 'GET' && method !== 'HEAD') {
    return { status: 405, error: 'Only GET and HEAD are supported.' }
  }
  if (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0) {
    return { status: 413, error: 'A request must not have a body.' }
  }
  // A page on another site cannot read the response, but could use up the connections.
  const isForeign = headers['sec-fetch-site'] === 'cross-site' && headers['sec-fetch-mode'] !== 'navigate'
  if (isForeign) return { status: 403, error: 'Requests from other sites are not allowed.' }
  return undefined
}
