import { createServer } from 'node:http'
import { withFreshIds } from './fresh-ids.ts'
import { median } from './measure.ts'

/** What the server of `many-orgs.ts` has recorded since the previous request for these figures. */
export interface Freshness {
  readonly requests: number
  /** How old an org's newest second was just before the org requested more. The 99th percentile. */
  readonly p99Ms: number
  readonly medianMs: number
}

/**
 * Answers each request with the same few records under new IDs, as the last page of the window. `/freshness`
 * returns how well the orgs keep up. Run as a program; its only output is its URL.
 */
const chunks: Buffer[] = []
for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
const page = Buffer.concat(chunks).toString()
const newestMs = new Map<string, number>()
let agesMs: number[] = []
let pages = 0

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
  const body = pathname === '/freshness' ? freshness() : answer(request.headers.authorization, searchParams)
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
  response.end(body)
})

function answer(org: string | undefined, query: URLSearchParams): string {
  const endMs = Date.parse(query.get('endTime') ?? '')
  if (org !== undefined && !Number.isNaN(endMs)) {
    const beforeMs = newestMs.get(org)
    if (beforeMs !== undefined) agesMs.push(Date.now() - beforeMs)
    newestMs.set(org, Math.max(beforeMs ?? 0, endMs))
  }
  pages += 1
  return withFreshIds(page, pages)
}

function freshness(): string {
  const nowMs = Date.now()
  // An org that has not made another request counts with its current age.
  const waiting = [...newestMs.values()].map((beforeMs) => nowMs - beforeMs)
  const sorted = [...agesMs, ...waiting].sort((a, b) => a - b)
  const seen: Freshness = {
    requests: agesMs.length,
    p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? Number.POSITIVE_INFINITY,
    medianMs: median(sorted),
  }
  agesMs = []
  return JSON.stringify(seen)
}

server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (typeof address === 'object' && address !== null) console.log(`http://127.0.0.1:${address.port}`)
})
