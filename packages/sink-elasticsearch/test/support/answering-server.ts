import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface CannedAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** Sent unchanged in place of `body`. */
  readonly text?: string
}

export interface AnsweringServer extends AsyncDisposable {
  readonly url: string
  /** The requests so far, without their queries, such as `POST /_bulk`. */
  readonly asked: readonly string[]
}

/** Starts an HTTP server that sends these responses. With `undefined`, it does not respond. */
export async function answeringServer(
  answer: (asked: string) => CannedAnswer | undefined,
): Promise<AnsweringServer> {
  const asked: string[] = []
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    request.resume()
    request.once('end', () => {
      const what = `${request.method} ${request.url?.replace(/\?.*/, '')}`
      asked.push(what)
      const canned = answer(what)
      if (canned === undefined) return
      response.writeHead(canned.status, { 'content-type': 'application/json', ...canned.headers })
      response.end(canned.text ?? JSON.stringify(canned.body ?? {}))
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  // A server that is not closed must not keep the process alive.
  server.unref()
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}
