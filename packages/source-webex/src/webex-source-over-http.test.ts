import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import type { Answer, Source, SourceRequest } from '@cdrstream/engine'
import { afterEach, expect, test } from 'vitest'
import { realClock } from '../test/support/real-clock.ts'
import { sendRequest } from '../test/support/send-request.ts'
import { createFixedSignIn } from './sign-in/fixed-sign-in.ts'
import { createWebexSource } from './webex-source.ts'

const token = 'canary-token'
const window: SourceRequest = { kind: 'initial', window: { fromSec: 1_000, toSec: 1_060 }, max: 5_000 }
const records = Array.from({ length: 3 }, (_, i) => ({ 'Report ID': `r${i}`, User: 'Zoë' }))
const page = JSON.stringify({ items: records })

const servers: Server[] = []

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function serve(listener: RequestListener): Promise<{ origin: string; server: Server }> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server }
}

function sourceAt(
  origin: string,
  timeouts = { headersMs: 20_000, bodyMs: 20_000 },
  maxBodyBytes = 64_000_000,
) {
  return createWebexSource({
    baseUrl: `${origin}/v1`,
    signIn: createFixedSignIn({ reveal: () => token }, realClock),
    clock: realClock,
    timeouts,
    maxBodyBytes,
  })
}

function ask(source: Source, request = window, signal = new AbortController().signal): Promise<Answer> {
  return sendRequest(source, request, signal)
}

test('a gzip page with a misprinted Link header is read, including the page that it points to', async () => {
  const asked: (string | undefined)[] = []
  const query = `locations=New York,Z\u00c3\u00bcrich&startTime=1970-01-01T00:16:40.000Z&totalCount=6&max=5000`
  const { origin } = await serve((request, response) => {
    asked.push(request.url)
    expect(request.headers).toMatchObject({ authorization: `Bearer ${token}`, 'accept-encoding': 'gzip' })
    response.writeHead(200, [
      ...['Content-Encoding', 'gzip'],
      ...['TrackingID', 'CDR_1'],
      ...['LINK', '<https://elsewhere.example/>; rel="help"'],
      ...['LINK', `<<https://elsewhere.example/v1/cdr_stream?${query}>;REL=Next>`],
    ])
    response.end(gzipSync(page))
  })
  const source = sourceAt(origin)
  const answer = await ask(source)
  expect(answer).toMatchObject({ kind: 'page', trackingId: 'CDR_1', next: { query, totalCount: 6 } })
  if (answer.kind !== 'page' || answer.next === null) throw new Error('no next page')
  expect(answer.items).toMatchObject(records.map((value) => ({ kind: 'parsed', value })))
  expect(answer.items.map(({ text }) => text)).toEqual(records.map((record) => JSON.stringify(record)))
  expect(Math.abs((answer.serverDateMs ?? 0) - Date.now())).toBeLessThan(60_000)

  await ask(source, { kind: 'page', link: answer.next.query })
  // The host and path are the configured ones. In the query, only what a request line cannot contain is
  // encoded.
  const sent = query.replace(' ', '%20').replace('\u00c3\u00bc', '%C3%BC')
  expect(asked[1]).toBe(`/v1/cdr_stream?${sent}`)
})

test('a connection is kept for the pages of a window', async () => {
  let connections = 0
  const { origin, server } = await serve((_, response) => response.end(page))
  server.on('connection', () => {
    connections += 1
  })
  const source = sourceAt(origin)
  for (let i = 0; i < 3; i += 1) {
    expect((await ask(source)).kind).toBe('page')
    // A connection can be reused once the end of its body has been processed.
    await setImmediate()
  }
  expect(connections).toBe(1)
})

test('a reset of a kept connection fails one request, and the next request succeeds', async () => {
  let requests = 0
  const { origin } = await serve((request, response) => {
    requests += 1
    if (requests === 2) request.socket.resetAndDestroy()
    else response.end(page)
  })
  const source = sourceAt(origin)
  expect(await ask(source)).toMatchObject({ kind: 'page' })
  expect(await ask(source)).toMatchObject({ kind: 'failed', reason: 'unreachable', answeredAtMs: null })
  expect(await ask(source)).toMatchObject({ kind: 'page' })
  // A request is sent only once. Retries are up to the engine, because they count against the limit.
  expect(requests).toBe(3)
})

test('a server that is down is unreachable', async () => {
  const { origin, server } = await serve(() => {})
  await new Promise((resolve) => server.close(resolve))
  expect(await ask(sourceAt(origin))).toMatchObject({
    kind: 'failed',
    reason: 'unreachable',
    answeredAtMs: null,
    detail: expect.stringContaining('ECONNREFUSED'),
  })
})

test('a missing answer is a timeout without an arrival time', async () => {
  const { origin } = await serve(() => {})
  expect(await ask(sourceAt(origin, { headersMs: 30, bodyMs: 20_000 }))).toMatchObject({
    kind: 'failed',
    reason: 'timeout',
    answeredAtMs: null,
  })
})

test('a body that does not end is a timeout with an arrival time', async () => {
  const { origin } = await serve((_, response) => response.write('{"items":['))
  expect(await ask(sourceAt(origin, { headersMs: 20_000, bodyMs: 30 }))).toMatchObject({
    kind: 'failed',
    reason: 'timeout',
    status: 200,
    answeredAtMs: expect.any(Number),
  })
})

test.each([
  ['chunked', {}, Buffer.from(page)],
  ['with a length', { 'content-length': '100000' }, Buffer.from(page)],
  ['gzip', { 'content-encoding': 'gzip' }, gzipSync(page).subarray(0, 30)],
])('a truncated body (%s) is malformed, with an arrival time', async (_, headers, bytes) => {
  const { origin } = await serve((request, response) => {
    response.writeHead(200, headers)
    response.write(bytes, () => request.socket.destroy())
  })
  expect(await ask(sourceAt(origin))).toMatchObject({
    kind: 'failed',
    reason: 'malformed',
    status: 200,
    answeredAtMs: expect.any(Number),
  })
})

test('a redirect is not followed, so that the token is not sent elsewhere', async () => {
  const elsewhere: unknown[] = []
  const other = await serve((request, response) => {
    elsewhere.push(request.headers)
    response.end(page)
  })
  const { origin } = await serve((_, response) => {
    response.writeHead(302, { location: `${other.origin}/v1/cdr_stream` }).end()
  })
  expect(await ask(sourceAt(origin))).toMatchObject({ kind: 'refused', status: 302, reason: 'other' })
  expect(elsewhere).toEqual([])
})

test('a decompression bomb is too large, and memory use stays within the limit', async () => {
  const member = gzipSync(Buffer.alloc(50_000_000))
  const { origin } = await serve((_, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' })
    response.end(Buffer.concat(Array(10).fill(member)))
  })
  const source = sourceAt(origin, undefined, 16_000_000)
  const beforeKb = process.resourceUsage().maxRSS
  expect(await ask(source)).toMatchObject({ kind: 'failed', reason: 'too-large' })
  expect(process.resourceUsage().maxRSS - beforeKb).toBeLessThan(200_000)
})

test('an abort closes the connection, before and after the headers', async () => {
  const closed = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const controllers = [new AbortController(), new AbortController()]
  let requests = 0
  const { origin } = await serve((request, response) => {
    const index = requests
    requests += 1
    request.socket.on('close', () => closed[index]?.resolve())
    if (index === 0) controllers[0]?.abort()
    else response.write('{', () => controllers[1]?.abort())
  })
  const source = sourceAt(origin)
  for (const [index, { signal }] of controllers.entries()) {
    expect(await ask(source, window, signal)).toMatchObject({ kind: 'failed', reason: 'unreachable' })
    await closed[index]?.promise
  }
})

test.each([
  [204, null],
  [404, { message: 'No CDRs for requested time range and filters', errorCode: 404 }],
])('%i without records is an empty page', async (status, body) => {
  const { origin } = await serve((_, response) => {
    response.writeHead(status).end(body === null ? undefined : JSON.stringify(body))
  })
  expect(await ask(sourceAt(origin))).toMatchObject({ kind: 'page', items: [], next: null })
})

test('429 is limited, with the wait that the server requests', async () => {
  const { origin } = await serve((_, response) => {
    response.writeHead(429, { 'retry-after': '17', 'content-encoding': 'gzip' }).end(gzipSync('{}'))
  })
  expect(await ask(sourceAt(origin))).toMatchObject({ kind: 'limited', retryAfterMs: 17_000 })
})
