import { open } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { withFreshIds } from './fresh-ids.ts'
import type { Page } from './page.ts'

/**
 * Answers every request with a page of records that nobody has seen, which stands for a minute of insertion
 * time. So many pages are made before: whoever reads them shares the machine with this server, and not with
 * the making of them. After that it answers 503.
 */
export async function endlessServer(page: Page, directory: string, most: number) {
  const bodies = await writeBodies(page, join(directory, 'pages.gz'), most)
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

/** The same page with other IDs, again and again, gzipped, in one file. */
async function writeBodies({ text }: Page, path: string, most: number) {
  const file = await open(path, 'w+')
  const ends: number[] = []
  for (let page = 1; page <= most; page += 1) {
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
