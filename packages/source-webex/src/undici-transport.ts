import { Agent } from 'undici'
import type { Transport } from './transport.ts'

/**
 * The transport of undici, with a connection that is kept for the pages of one window. Idle connections do not keep the process alive,
 * so there is nothing to close.
 */
export function createUndiciTransport(): Transport {
  const agent = new Agent({
    // The source has its own deadlines, also for a body that drips; undici's are between two chunks only.
    headersTimeout: 0,
    bodyTimeout: 0,
    // One request at a time: HTTP/2 brings nothing here but another way to fail.
    allowH2: false,
    // The pages of a window follow within seconds, the next window a minute later. A connection that idles for long may be closed by
    // the other side at the moment that it is used again, which costs the minute's only initial request.
    keepAliveMaxTimeout: 15_000,
  })
  return async ({ url, headers, method = 'GET', body = null, signal }) => {
    const pathAt = url.indexOf('/', url.indexOf('://') + 3)
    const response = await agent.request({
      origin: url.slice(0, pathAt),
      path: url.slice(pathAt),
      method,
      headers: { ...headers },
      body,
      signal,
    })
    // Cut before anyone reads it, the body must not become an uncaught exception. Who reads it still gets the error.
    response.body.on('error', () => {})
    return {
      status: response.statusCode,
      statusText: response.statusText,
      headers: response.headers,
      body: response.body,
    }
  }
}
