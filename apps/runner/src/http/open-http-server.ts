import { createServer, type Server, type ServerOptions } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { isIP } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { HttpConfiguration } from '../configuration/configuration.ts'
import type { Certificate } from '../configuration/read-certificate.ts'
import { tokenCheck } from './bearer-token.ts'
import { type HostRules, hostRules } from './host-rules.ts'
import { type HttpAppOptions, httpApp } from './http-app.ts'
import { defaultLimits, type HttpLimits } from './limits.ts'

/** A listening server. */
export interface HttpServer {
  /** Without a trailing slash. */
  readonly url: string
  /** Stops listening and closes all connections. */
  close(): Promise<void>
}

export type OpenedHttpServer =
  | { readonly kind: 'server'; readonly server: HttpServer }
  /** One line for the user. */
  | { readonly kind: 'problem'; readonly line: string }

export interface HttpServerOptions extends Pick<HttpAppOptions, 'sources' | 'onFault'> {
  readonly http: HttpConfiguration
  readonly certificate: Certificate | undefined
  /** Default: `defaultLimits`. */
  readonly limits?: HttpLimits
}

/** Starts the server, or returns one line that explains why it cannot listen. */
export async function openHttpServer(options: HttpServerOptions): Promise<OpenedHttpServer> {
  const { http, certificate, limits = defaultLimits, sources, onFault } = options
  // Known once the server listens; no request arrives before that.
  let acceptsHost: HostRules = () => false
  const app = httpApp({
    sources,
    acceptsHost: (header) => acceptsHost(header),
    acceptsToken: tokenCheck(http.token),
    limits,
    onFault,
  })
  const answer = getRequestListener(app.fetch, { overrideGlobalObjects: false })
  const server = createLimitedServer(certificate, limits)
  server.on('request', (incoming, outgoing) => void answer(incoming, outgoing))
  try {
    await listen(server, http)
  } catch (error) {
    return { kind: 'problem', line: `http: ${describeListenError(error, http)}` }
  }
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : http.port
  acceptsHost = hostRules(http, port)
  // An error of a listening server, such as too many open files, must not terminate the collector.
  server.on('error', (error) => onFault('listen', error))
  const scheme = certificate === undefined ? 'http' : 'https'
  return {
    kind: 'server',
    server: {
      url: `${scheme}://${isIP(http.host) === 6 ? `[${http.host}]` : http.host}:${port}`,
      close: () =>
        new Promise((resolve) => {
          server.close(() => resolve())
          server.closeAllConnections()
        }),
    },
  }
}

function createLimitedServer(certificate: Certificate | undefined, limits: HttpLimits): Server {
  const settings: ServerOptions = {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.requestMs,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionsCheckingInterval: Math.min(1_000, limits.requestMs),
  }
  const server =
    certificate === undefined
      ? createServer(settings)
      : createSecureServer({
          ...settings,
          cert: certificate.cert,
          key: certificate.key.reveal(),
          minVersion: 'TLSv1.2',
          handshakeTimeout: limits.requestMs,
        })
  server.maxConnections = limits.connections
  server.maxRequestsPerSocket = 1_000
  server.timeout = limits.idleMs
  return server
}

function listen(server: Server, { host, port }: HttpConfiguration): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function describeListenError(error: unknown, { host, port }: HttpConfiguration): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} on ${host} is in use by another process; choose another http.port, or 0 for any free one`
    case 'EACCES':
      return `this user is not permitted to listen on port ${port}; choose an http.port of 1024 or higher`
    case 'EADDRNOTAVAIL':
      return `http.host ${host} is not an address of this machine`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `http.host ${host} cannot be resolved to an address`
    case 'EAFNOSUPPORT':
      return `this machine does not support the address family of http.host ${host}`
    default:
      return `cannot listen on port ${port} on ${host}: ${code === '' ? 'unknown error' : code}`
  }
}
