import { mkdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Page } from './page.ts'
import { measureRun } from './run-memory.ts'

/** The cost of `http` in a run. */
export interface HttpOverhead {
  /** How many runs of each kind there were. */
  readonly rounds: number
  readonly without: RunFigures
  readonly with: RunFigures
  /** The value with HTTP divided by the value without it. */
  readonly memoryRatio: number
  readonly processorRatio: number
  readonly holds: boolean
}

/** The medians of several runs. */
interface RunFigures {
  readonly peakMb: number
  /** The CPU time per page, in milliseconds. */
  readonly processorMs: number
}

const tolerance = 0.05
const scrapeEveryMs = 1_000

/** Compares runs with and without `http`. Prometheus and one console are simulated as clients. */
export async function benchHttp(page: Page, directory: string, rounds = 3): Promise<HttpOverhead> {
  const figures: { readonly without: RunFigures[]; readonly with: RunFigures[] } = { without: [], with: [] }
  for (let round = 0; round < rounds; round += 1) {
    for (const kind of ['without', 'with'] as const) {
      const place = join(directory, `http-${kind}-${round}`)
      await mkdir(place)
      figures[kind].push(kind === 'with' ? await measureServed(page, place) : await measure(page, place))
    }
  }
  const without = medians(figures.without)
  const served = medians(figures.with)
  const memoryRatio = served.peakMb / without.peakMb
  const processorRatio = served.processorMs / without.processorMs
  const holds = memoryRatio <= 1 + tolerance && processorRatio <= 1 + tolerance
  return { rounds, without, with: served, memoryRatio, processorRatio, holds }
}

function measure(page: Page, directory: string, sections = ''): Promise<RunFigures> {
  const yaml = '{ name: files, use: file, options: { directory: ./records } }'
  return measureRun(page, directory, { name: 'files', yaml, sections, records: async () => 0 })
}

async function measureServed(page: Page, directory: string): Promise<RunFigures> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const ending = new AbortController()
  const clients = [scrape(`${url}/metrics`, ending.signal), follow(`${url}/api/events`, ending.signal)]
  const figures = await measure(page, directory, `http: { port: ${port} }`)
  ending.abort()
  const [scrapes = 0, bytes = 0] = await Promise.all(clients)
  if (scrapes < 10 || bytes === 0) throw new Error('the collector did not serve its clients')
  return figures
}

/** Returns how often the metrics were read. */
async function scrape(url: string, ending: AbortSignal): Promise<number> {
  let scrapes = 0
  while (!ending.aborted) {
    await setTimeout(scrapeEveryMs)
    const response = await fetch(url, { signal: ending }).catch(() => undefined)
    if (response?.ok && (await response.text().catch(() => '')) !== '') scrapes += 1
  }
  return scrapes
}

/** Returns how many bytes of events arrived. */
async function follow(url: string, ending: AbortSignal): Promise<number> {
  let bytes = 0
  while (!ending.aborted) {
    await setTimeout(scrapeEveryMs)
    try {
      const response = await fetch(url, { signal: ending })
      for await (const chunk of response.body ?? []) bytes += chunk.byteLength
    } catch {
      // The collector starts later, and ends earlier.
    }
  }
  return bytes
}

function medians(runs: readonly RunFigures[]): RunFigures {
  const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0
  return {
    peakMb: median(runs.map(({ peakMb }) => peakMb)),
    processorMs: median(runs.map(({ processorMs }) => processorMs)),
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (typeof address !== 'object' || address === null) throw new Error('there is no free port')
  return address.port
}
