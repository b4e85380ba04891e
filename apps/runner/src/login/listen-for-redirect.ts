import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Redirected, readRedirect } from './read-redirect.ts'

export interface RedirectListener extends AsyncDisposable {
  /** As it was given, with the port that it got. */
  readonly redirectUri: string
  /** What the browser comes back with. What does not belong to our sign-in is turned away, and waited on. */
  readonly redirected: Promise<Exclude<Redirected, { kind: 'foreign' }>>
}

/**
 * Listens at a loopback address (port 0: any free one) for the browser of the user. Rejects where the port
 * cannot be had.
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
      response.writeHead(400, headers).end('This is not the sign-in that cdrstream waits for.')
      return
    }
    // Whoever waits closes the server: not before the browser has its page.
    response.once('close', () => resolve(redirected))
    response.writeHead(200, headers).end('Received. Go back to the terminal, this page can be closed.')
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

/** The address of the page has the code in it: it must not go anywhere else. */
const headers = {
  'content-type': 'text/plain; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  connection: 'close',
}
