import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Redirected, readRedirect } from './read-redirect.ts'

export interface RedirectListener extends AsyncDisposable {
  /** The given redirect URI, with the actual port. */
  readonly redirectUri: string
  /** Resolves with the browser's redirect. Rejects requests from other sign-ins and keeps waiting. */
  readonly redirected: Promise<Exclude<Redirected, { kind: 'foreign' }>>
}

/**
 * Listens on a loopback address (port 0: any free port) for the user's browser. Rejects if the port is not
 * free.
 */
export async function listenForRedirect(redirectUri: string, state: string): Promise<RedirectListener> {
  const address = new URL(redirectUri)
  const { promise, resolve } = Promise.withResolvers<Exclude<Redirected, { kind: 'foreign' }>>()
  const listener: RequestListener = (request, response) => {
    const url = URL.parse(request.url ?? '', redirectUri)
    if (request.method !== 'GET' || url?.pathname !== address.pathname) {
      response.writeHead(404, headers).end('Not found')
      return
    }
    const redirected = readRedirect(url.searchParams, state)
    if (redirected.kind === 'foreign') {
      response.writeHead(400, headers).end('This is not the sign-in that cdrstream is waiting for.')
      return
    }
    // Resolves after the browser has received its page, because the caller then closes the server.
    response.once('close', () => resolve(redirected))
    response
      .writeHead(200, headers)
      .end('Received the sign-in. You can close this page and go back to the terminal.')
  }
  const server = createServer(listener)
  await new Promise<void>((done, failed) => {
    server.once('error', failed)
    server.listen(Number(address.port || 80), address.hostname.replace(/^\[|\]$/g, ''), done)
  })
  return {
    redirectUri: address.port === '0' ? redirectUri.replace(/:0(?=\/|$)/, `:${portOf(server)}`) : redirectUri,
    redirected: promise,
    [Symbol.asyncDispose]: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}

/** The page's URL contains the code, so it must not be sent anywhere else. */
const headers = {
  'content-type': 'text/plain; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  connection: 'close',
}
