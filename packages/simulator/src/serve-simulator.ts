import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { SimulatedResponse } from './answers.ts'
import type { Simulator } from './simulator.ts'

/** A simulator that listens on HTTP. */
export interface SimulatorServer {
  /** The value for `webex.baseUrl` in the configuration. */
  readonly baseUrl: string
  /** The value for `webex.tokenUrl` in the configuration. */
  readonly tokenUrl: string
  /** The sign-in page for browsers. The simulated user consents at once and is redirected with a code. */
  readonly authorizeUrl: string
  /** Closes all connections and resolves once the server no longer listens. */
  close(): Promise<void>
}

/** Options of `serveSimulator`. */
export interface ServeOptions {
  /** Default: 0, which picks a free port. */
  readonly port?: number
  /** Default: `127.0.0.1`, or `::1` on a machine without IPv4. */
  readonly host?: string
  /** How long the `slow` fault delays a body, in milliseconds. Default: 2,000. */
  readonly slowMs?: number
}

/** Serves the simulator over HTTP. Rejects if it cannot listen on the address. */
export async function serveSimulator(
  simulator: Simulator,
  { port = 0, host, slowMs = 2_000 }: ServeOptions = {},
): Promise<SimulatorServer> {
  const closing = new AbortController()
  const serve = (request: IncomingMessage, response: ServerResponse, body: string) => {
    const answer = simulator.handle({
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      body,
    })
    response.once('close', () => answer.ended?.())
    const pause = answer.fault === 'slow' ? wait(slowMs, undefined, { signal: closing.signal }) : undefined
    send(answer, request, response, pause).catch(() => request.socket.destroy())
  }
  const server = createServer((request, response) => {
    // A request without a body is handled the moment it arrives, because the rate limit is based on arrival
    // times.
    if (request.method !== 'POST') return serve(request, response, '')
    readForm(request).then(
      (body) => serve(request, response, body),
      () => request.socket.destroy(),
    )
  })
  const used = await listen(server, port, host)
  const address = server.address() as AddressInfo
  const baseUrl = `http://${used.includes(':') ? `[${used}]` : used}:${address.port}/v1`
  return {
    baseUrl,
    tokenUrl: `${baseUrl}/access_token`,
    authorizeUrl: `${baseUrl}/authorize`,
    close: () =>
      new Promise((resolve) => {
        closing.abort()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Starts listening, and returns the host that the server listens on. */
async function listen(server: Server, port: number, host: string | undefined): Promise<string> {
  const attempt = (at: string) =>
    new Promise<string>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, at, () => {
        server.off('error', reject)
        resolve(at)
      })
    })
  try {
    return await attempt(host ?? '127.0.0.1')
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'EADDRNOTAVAIL'
    if (host !== undefined || !isMissing) throw error
    return attempt('::1')
  }
}

const gzipped = promisify(gzip)

/** Rejects if the body is too large to be a form. */
async function readForm(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request.setEncoding('latin1')) {
    body += chunk
    if (body.length > 100_000) throw new RangeError('the body is too large')
  }
  return body
}

async function send(
  answer: SimulatedResponse,
  request: IncomingMessage,
  response: ServerResponse,
  pause: Promise<unknown> | undefined,
): Promise<void> {
  switch (answer.fault) {
    case 'hang':
      return
    case 'drop':
      request.socket.destroy()
      return
    case 'cut-headers':
      request.socket.end('HTTP/1.1 200 OK\r\nContent-Type: applic')
      return
  }
  const compress = answer.body !== '' && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))
  // Compresses quickly and in another thread, to avoid delaying the next request.
  const body = compress ? await gzipped(answer.body, { level: 1 }) : Buffer.from(answer.body)
  response.writeHead(answer.status, {
    ...answer.headers,
    ...(compress ? { 'content-encoding': 'gzip' } : {}),
    ...(answer.status === 204 ? {} : { 'content-length': body.length }),
  })
  if (answer.fault === 'cut') {
    response.write(body.subarray(0, Math.floor(body.length / 2)), () => request.socket.destroy())
    return
  }
  if (pause !== undefined) {
    response.flushHeaders()
    await pause
  }
  response.end(body, () => {
    if (!response.errored) answer.delivered()
  })
}
