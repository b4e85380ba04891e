import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import type { Page } from './page.ts'

/** Answers every request with a page of records that nobody has seen, which stands for a minute of insertion time. */
export async function endlessServer(page: Page) {
  const pieces = page.text.split('"Report ID":"')
  let pages = 0
  const server = createServer((request, response) => {
    const query = new URLSearchParams(request.url?.split('?')[1])
    const fromMs = Date.parse(query.get('startTimeForNextFetch') ?? query.get('startTime') ?? '')
    const resume = new Date(fromMs + 60_000).toISOString()
    const last = resume >= (query.get('endTime') ?? '')
    query.set('startTimeForNextFetch', resume)
    pages += 1
    const body = gzipSync(renumbered(pieces, pages), { level: 1 })
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-encoding': 'gzip',
      'content-length': body.length,
      ...(last
        ? {}
        : { link: `<https://analytics-calling.webexapis.com/v1/cdr_stream?${query}>; rel="next"` }),
    })
    response.end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    served: () => ({ pages, records: pages * (pieces.length - 1) }),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** The same page with other Report IDs. */
function renumbered(pieces: readonly string[], page: number): string {
  const digits = page.toString(16).padStart(8, '0')
  return pieces
    .map((piece, index) => (index === 0 ? piece : `${digits}${piece.slice(8)}`))
    .join('"Report ID":"')
}
