import { open } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { withFreshIds } from './fresh-ids.ts'
import type { Page } from './page.ts'

/**
 * Answers each request with a page of new records that covers a minute of insertion time. The `count` pages
 * are prepared in advance, because the measured process shares the machine with this server. After the last
 * page, it answers 503.
 */
export async function endlessServer(page: Page, directory: string, count: number) {
  const bodies = await writeBodies(page, join(directory, 'pages.gz'), count)
  let pages = 0
  const server = createServer(async (request, response) => {
    const query = new URLSearchParams(request.url?.split('?')[1])
    const fromMs = Date.parse(query.get('startTimeForNextFetch') ?? query.get('startTime') ?? '')
    const resume = new Date(fromMs + 60_000).toISOString()
    const last = resume >= (query.get('endTime') ?? '')
    query.set('startTimeForNextFetch', resume)
    const body = await bodies.read(pages)
    if (body === undefined) {
      response.writeHead(503).end()
      return
    }
    pages += 1
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
    served: () => ({ pages, records: pages * page.texts.length }),
    close: async () => {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
      await bodies.close()
    },
  }
}

/** Writes copies of the page with new IDs, gzipped, into one file. */
async function writeBodies({ text }: Page, path: string, count: number) {
  const file = await open(path, 'w+')
  const ends: number[] = []
  for (let page = 1; page <= count; page += 1) {
    const body = gzipSync(withFreshIds(text, page), { level: 1 })
    await file.appendFile(body)
    ends.push((ends.at(-1) ?? 0) + body.length)
  }
  return {
    read: async (page: number): Promise<Buffer | undefined> => {
      const end = ends[page]
      if (end === undefined) return undefined
      const start = ends[page - 1] ?? 0
      const { buffer } = await file.read(Buffer.allocUnsafe(end - start), 0, end - start, start)
      return buffer
    },
    close: () => file.close(),
  }
}
