import { getCACertificates } from 'node:tls'
import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici'
import { proxyAddress } from './proxy-address.ts'
import type { Transport } from './transport.ts'

/** Nothing is read from the environment. */
export interface UndiciTransportOptions {
  /**
   * Where https goes through, as in HTTPS_PROXY: `http://user:password@proxy:3128`. What goes in the clear,
   * to loopback addresses, never does. Default: none.
   */
  readonly httpsProxy?: string
  /** For which hosts it does not, as in NO_PROXY: `.internal,10.0.0.1:8443`. Default: none. */
  readonly noProxy?: string
  /**
   * Certificates (PEM) of authorities that are trusted besides those that Node trusts; of the proxy as well.
   * Default: none.
   */
  readonly ca?: string
}

const agentOptions = {
  // The source has its own deadlines, also for a body that drips; undici's are between two chunks only.
  headersTimeout: 0,
  bodyTimeout: 0,
  // One request at a time: HTTP/2 brings nothing here but another way to fail.
  allowH2: false,
  // The pages of a window follow within seconds, the next window a minute later. A connection that idles for
  // long may be closed by the other side at the moment that it is used again, which costs the minute's only
  // initial request.
  keepAliveMaxTimeout: 15_000,
} as const

/**
 * The transport of undici, with a connection that is kept for the pages of one window. Idle connections do
 * not keep the process alive, so there is nothing to close. Throws RangeError if the proxy is no address.
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
    // Cut before anyone reads it, the body must not become an uncaught exception. Who reads it still gets the
    // error.
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
  if (address === undefined) throw new RangeError('the proxy is no address')
  return new EnvHttpProxyAgent({
    ...agentOptions,
    connect: tls,
    requestTls: tls,
    proxyTls: tls,
    // The empty text keeps undici from looking into the environment.
    httpProxy: '',
    httpsProxy: address,
    noProxy,
  })
}
