import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Socket,
  type Server as TcpServer,
} from 'node:net'
import type { Certificate } from '@cdrstream-internal/certificates'
import { onTestFinished } from 'vitest'

export interface Listener {
  /** `127.0.0.1:port`. */
  readonly host: string
  /** Everything that arrived, as text. */
  readonly received: string[]
}

/** Starts a web server on a loopback address that records its requests. It is closed when the test ends. */
export async function listenHttp(answer: RequestListener, certificate?: Certificate): Promise<Listener> {
  const received: string[] = []
  const listener: RequestListener = (request, response) => {
    received.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)}`)
    answer(request, response)
  }
  const server =
    certificate === undefined
      ? createServer(listener)
      : createTlsServer({ cert: certificate.certificate, key: certificate.key }, listener)
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { host: await begin(server), received }
}

/** Starts a TCP server that passes each connection to `onConnection`. */
export async function listenTcp(onConnection: (socket: Socket) => void): Promise<Listener> {
  const received: string[] = []
  const sockets = new Set<Socket>()
  const server = createTcpServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('data', (bytes) => received.push(bytes.toString('latin1')))
    onConnection(socket)
  })
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { host: await begin(server), received }
}

/**
 * Starts a proxy that opens CONNECT tunnels to the host that `route` returns, or refuses with the status that
 * it returns.
 */
export async function listenProxy(
  route: (target: string) => string | number,
  certificate?: Certificate,
): Promise<Listener> {
  const received: string[] = []
  const server =
    certificate === undefined
      ? createServer()
      : createTlsServer({ cert: certificate.certificate, key: certificate.key })
  const sockets = new Set<Socket>()
  const keep = (socket: Socket) => {
    sockets.add(socket)
    return socket.on('error', () => {})
  }
  server.on('request', ({ method, url, headers }, response) => {
    received.push(`${method} ${url} ${JSON.stringify(headers)}`)
    response.end()
  })
  server.on('connect', ({ url = '', headers }, socket: Socket) => {
    received.push(`CONNECT ${url} ${JSON.stringify(headers)}`)
    keep(socket)
    const to = route(url)
    if (typeof to === 'number') return void socket.end(`HTTP/1.1 ${to} No\r\nContent-Length: 0\r\n\r\n`)
    const [host = '', port] = to.split(':')
    const upstream = keep(connect(Number(port), host))
    upstream.once('connect', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      socket.pipe(upstream).pipe(socket)
    })
  })
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.closeAllConnections()
    server.close()
  })
  return { host: await begin(server), received }
}

async function begin(server: TcpServer): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}
