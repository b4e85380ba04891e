import { get as httpGet, type IncomingHttpHeaders } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { iso, itemsOf, minuteMs, simulate, startMs } from '../test/support/simulate.ts'
import { type Fault, type Simulator, serveSimulator } from './index.ts'

const query = `startTime=${iso(startMs - 20 * minuteMs)}&endTime=${iso(startMs - 10 * minuteMs)}`

interface Received {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** Rejects if the connection ends before the response is complete. */
function fetchWhole(url: string, headers: Record<string, string> = {}): Promise<Received> {
  return new Promise((resolve, reject) => {
    const request = httpGet(url, { headers: { authorization: 'Bearer secret', ...headers } }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks),
        }),
      )
    })
    request.on('error', reject)
  })
}

async function serving<Result>(use: (url: string, simulator: Simulator) => Promise<Result>): Promise<Result> {
  const { simulator } = simulate()
  const server = await serveSimulator(simulator, { slowMs: 20 })
  try {
    return await use(`${server.baseUrl}/cdr_stream?${query}`, simulator)
  } finally {
    await server.close()
  }
}

const shown = ({ ledger }: Simulator) =>
  [...ledger.entries.values()].filter(({ shownMs }) => shownMs !== null).length

describe('over HTTP, the simulator', () => {
  it('sends its own date, and counts the items that it sent as shown', () =>
    serving(async (url, simulator) => {
      const { status, headers, body } = await fetchWhole(url)
      expect(status).toBe(200)
      expect(headers.date).toBe('Thu, 24 Sep 2026 08:00:00 GMT')
      expect(headers.connection).toBe('keep-alive')
      expect(headers['content-encoding']).toBeUndefined()
      const items = itemsOf({ body: body.toString() })
      expect(items.length).toBeGreaterThan(300)
      const distinct = new Set(items.map((item) => JSON.stringify(item)))
      expect(shown(simulator)).toBe(distinct.size)
    }))

  it('compresses responses for clients that accept it', () =>
    serving(async (url) => {
      const plain = await fetchWhole(url)
      const packed = await fetchWhole(url, { 'accept-encoding': 'gzip, br' })
      expect(packed.headers['content-encoding']).toBe('gzip')
      expect(packed.body.length).toBeLessThan(plain.body.length / 2)
      expect(gunzipSync(packed.body).equals(plain.body)).toBe(true)
    }))

  it('links to the URL of the request', () =>
    serving(async (url) => {
      const { headers } = await fetchWhole(`${url}&max=50`)
      const [, next = ''] = /^<(.*)>; rel="next"$/.exec(String(headers.link)) ?? []
      expect(next.startsWith(url.split('?')[0] ?? '')).toBe(true)
      const page = await fetchWhole(next)
      expect(itemsOf({ body: page.body.toString() })).toHaveLength(50)
    }))

  it('sends errors with a JSON body', () =>
    serving(async (url) => {
      const { status, headers, body } = await fetchWhole(url, { authorization: 'Bearer wrong' })
      expect([status, headers['content-type']]).toEqual([401, 'application/json'])
      expect(JSON.parse(body.toString()).trackingId).toBe(headers.trackingid)
    }))

  it.each(['drop', 'cut-headers', 'cut'] as const)(
    'injects %s by ending the connection prematurely',
    (fault) =>
      serving(async (url, simulator) => {
        simulator.failNext(fault, fault)
        await expect(fetchWhole(url)).rejects.toThrow()
        await expect(fetchWhole(url, { 'accept-encoding': 'gzip' })).rejects.toThrow()
        expect(shown(simulator)).toBe(0)
        expect((await fetchWhole(url)).status).toBe(200)
      }),
  )

  it('injects slow by sending the headers first and the body later', () =>
    serving(async (url, simulator) => {
      simulator.failNext('slow')
      const { status, body } = await fetchWhole(url)
      expect(status).toBe(200)
      expect(itemsOf({ body: body.toString() }).length).toBeGreaterThan(300)
      expect(shown(simulator)).toBeGreaterThan(300)
    }))

  it('injects hang by not answering until it is closed', async () => {
    const hanging: Promise<unknown>[] = []
    await serving(async (url, simulator) => {
      simulator.failNext('hang' satisfies Fault)
      const hung = fetchWhole(url)
      hanging.push(expect(hung).rejects.toThrow())
      // Other connections are not blocked. Once two requests have arrived, one of them is hanging.
      while (simulator.ledger.requests.length < 2) await fetchWhole(url)
    })
    await Promise.all(hanging)
  })

  it('rejects if its port is in use', async () => {
    const { simulator } = simulate()
    const first = await serveSimulator(simulator)
    const port = Number(new URL(first.baseUrl).port)
    await expect(serveSimulator(simulator, { port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
    await first.close()
  })
})
