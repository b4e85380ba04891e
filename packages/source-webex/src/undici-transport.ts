import { getCACertificates } from 'node:tls'
import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici'
import { proxyAddress } from './proxy-address.ts'
import type { Transport } from './transport.ts'

/** How the transport connects. Nothing is read from the environment. */
export interface UndiciTransportOptions {
  /**
   * The proxy for https, as in HTTPS_PROXY: `http://user:password@proxy:3128`. Requests without TLS, to
   * loopback addresses, never use it. Default: none.
   */
  readonly httpsProxy?: string
  /** Hosts that are reached without the proxy, as in NO_PROXY: `.internal,10.0.0.1:8443`. Default: none. */
  readonly noProxy?: string
  /** CA certificates (PEM) to trust in addition to Node's, including for the proxy. Default: none. */
  readonly ca?: string
}

const agentOptions = {
  // The source has its own timeouts, which also end a body that trickles in. Undici's apply only between two
  // chunks.
  headersTimeout: 0,
  bodyTimeout: 0,
  // With one request at a time, HTTP/2 has no benefit and adds failure modes.
  allowH2: false,
  // The pages of a window follow within seconds, the next window a minute later. The server may close a
  // connection that has been idle for longer at the moment it is used again, which would waste the only
  // initial request of the minute.
  keepAliveMaxTimeout: 15_000,
} as const

/**
 * Returns a transport based on undici that keeps a connection for the pages of one window. Idle connections
 * do not keep the process alive, so there is nothing to close. Throws a RangeError if `httpsProxy` is not a
 * valid URL.
 */
export function createUndiciTransport(options: UndiciTransportOptions = {}): Transport {
  const dispatcher = createDispatcher(options)
  return async ({ url, headers, method = 'GET', body = null, signal }) => {
    const pathAt = url.indexOf('/', url.indexOf('://') + 3)
    const response = await dispatcher.request({
      origin: url.slice(0, pathAt),
      path: url.slice(pathAt),
      method,
      headers: { ...headers },
      body,
      signal,
    })
    // If the body fails before anyone reads it, the error must not become an uncaught exception. A later
    // reader still receives it.
    response.body.on('error', () => {})
    return {
      status: response.statusCode,
      statusText: response.statusText,
      headers: response.headers,
      body: response.body,
    }
  }
}

function createDispatcher({ httpsProxy = '', noProxy = '', ca }: UndiciTransportOptions): Dispatcher {
  const tls = ca === undefined ? {} : { ca: [...getCACertificates('default'), ca] }
  if (httpsProxy === '') return new Agent({ ...agentOptions, connect: tls })
  const address = proxyAddress(httpsProxy)
  if (address === undefined) throw new RangeError('httpsProxy is not a valid proxy URL')
  return new EnvHttpProxyAgent({
    ...agentOptions,
    connect: tls,
    requestTls: tls,
    proxyTls: tls,
    // An empty string keeps undici from reading the environment.
    httpProxy: '',
    httpsProxy: address,
    noProxy,
  })
}
