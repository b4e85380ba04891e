import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import type { SimulatedResponse, Simulator } from './simulator.ts'

export interface SimulatorServer {
  /** What `webex.baseUrl` has to be. */
  readonly baseUrl: string
  close(): Promise<void>
}

/** Serves the simulator over HTTP, on loopback unless told otherwise. Port 0: any free one. */
export async function serveSimulator(
  simulator: Simulator,
  { port = 0, host = '127.0.0.1' }: { readonly port?: number; readonly host?: string } = {},
): Promise<SimulatorServer> {
  const server = createServer((request, response) => {
    const answer = simulator.handle({
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
    })
    send(answer, request, response)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const address = server.address() as AddressInfo
  return {
    baseUrl: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}/v1`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function send(answer: SimulatedResponse, request: IncomingMessage, response: ServerResponse): void {
  if (answer.fault === 'hang') return
  if (answer.fault === 'drop') {
    request.socket.destroy()
    return
  }
  const gzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? '')) && answer.body !== ''
  const body = gzip ? gzipSync(answer.body, { level: 1 }) : Buffer.from(answer.body)
  response.writeHead(answer.status, {
    ...answer.headers,
    ...(gzip ? { 'content-encoding': 'gzip' } : {}),
    ...(answer.status === 204 ? {} : { 'content-length': body.length }),
  })
  if (answer.fault === 'cut') {
    response.write(body.subarray(0, Math.floor(body.length / 2)), () => request.socket.destroy())
    return
  }
  response.end(body, () => {
    if (!response.errored) answer.delivered()
  })
}
