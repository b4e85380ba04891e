import { Agent, createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * - `down`: connections are closed at once
 * - `hang`: they are taken, and nothing is answered
 * - `denied`: every credential is rejected, with the answer of Elasticsearch
 */
type ProxyState = 'up' | 'down' | 'hang' | 'denied'

/** Stands before a server. */
export interface HttpProxy {
  readonly url: string
  set(state: ProxyState): void
  close(): Promise<void>
}

const unknownUser = JSON.stringify({ error: { type: 'security_exception' }, status: 401 })

export async function startHttpProxy(target: string): Promise<HttpProxy> {
  let state: ProxyState = 'up'
  const agent = new Agent({ keepAlive: true })
  const server = createServer((near, answer) => {
    switch (state) {
      case 'down':
        near.socket.destroy()
        return
      case 'hang':
        near.resume()
        return
      case 'denied':
        near.resume()
        answer.writeHead(401, { 'content-type': 'application/json' }).end(unknownUser)
        return
      case 'up': {
        const far = request(new URL(near.url ?? '/', target), {
          method: near.method,
          headers: near.headers,
          agent,
        })
        far.on('response', (response) => {
          answer.writeHead(response.statusCode ?? 500, response.headers)
          response.pipe(answer)
        })
        far.on('error', () => near.socket.destroy())
        near.on('close', () => {
          if (!near.complete) far.destroy()
        })
        near.pipe(far)
      }
    }
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  server.unref()
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    set(next) {
      state = next
      if (next === 'down') server.closeAllConnections()
    },
    async close() {
      agent.destroy()
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}
