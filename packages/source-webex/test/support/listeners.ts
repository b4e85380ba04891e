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
  /** All bytes or requests that arrived, as text. */
  readonly received: string[]
}

/** A web server on loopback that records what it is asked. Closed when the test is over. */
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

/** A TCP server that does with each connection as it likes. */
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

/** A proxy that opens tunnels by CONNECT, to where `route` says; null: it refuses with this status. */
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
