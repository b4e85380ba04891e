import { type IncomingMessage, request as sendRequest } from 'node:http'
import { request as sendSecureRequest } from 'node:https'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { makeCertificate } from '@cdrstream-internal/certificates'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { HttpConfiguration } from '../configuration/configuration.ts'
import { Secret } from '../configuration/secret.ts'
import { EventFeed } from './event-feed.ts'
import type { HttpSources } from './http-sources.ts'
import { defaultLimits, type HttpLimits } from './limits.ts'
import { type HttpServer, type HttpServerOptions, openHttpServer } from './open-http-server.ts'

const token = 'canary-0123456789'
const status = { at: '2026-11-30T00:00:00.000Z' } as Awaited<ReturnType<HttpSources['status']>>

interface Served {
  readonly server: HttpServer
  readonly port: number
  readonly events: EventFeed
  readonly faults: unknown[]
}

async function serve(
  options: {
    readonly http?: Partial<HttpConfiguration>
    readonly limits?: Partial<HttpLimits>
    readonly sources?: Partial<HttpSources>
    readonly certificate?: HttpServerOptions['certificate']
  } = {},
): Promise<Served> {
  const events = new EventFeed('p')
  const faults: unknown[] = []
  const opened = await openHttpServer({
    http: { host: '127.0.0.1', port: 0, behindProxy: false, allowedHosts: [], ...options.http },
    certificate: options.certificate,
    limits: { ...defaultLimits, ...options.limits },
    sources: {
      health: () => ({ status: 'stuck', loops: [{ subject: 'org', name: 'acme', overdueSeconds: 7 }] }),
      readiness: () => ({
        status: 'not-ready',
        reasons: [{ subject: 'sink', name: 'files', code: 'x', cause: 'y', remedy: 'z' }],
        reasonsTotal: 1,
      }),
      status: async () => status,
      metrics: async () => 'a_metric 1\n',
      events,
      ...options.sources,
    },
    onFault: (path, error) => faults.push([path, error]),
  })
  if (opened.kind === 'problem') throw new Error(opened.line)
  const { server } = opened
  onTestFinished(() => server.close())
  return { server, port: Number(new URL(server.url).port), events, faults }
}

interface Sent {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

function respond({ port }: Served, path: string, { method = 'GET', headers, body }: Sent = {}) {
  return new Promise<IncomingMessage>((resolve, reject) => {
    const sent = sendRequest({ host: '127.0.0.1', port, path, method, headers: { ...headers } }, resolve)
    sent.on('error', reject)
    sent.end(body)
  })
}

async function get(served: Served, path: string, sent: Sent = {}) {
  const response = await respond(served, path, sent)
  const { statusCode, headers } = response
  return { status: statusCode, headers, body: await text(response) }
}

/** Opens a connection, sends this, and resolves with everything that arrives until it is closed. */
function exchange({ port }: Served, ...parts: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    let received = ''
    socket.setEncoding('latin1').on('data', (data) => {
      received += data
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(received))
    for (const part of parts) socket.write(part)
  })
}

const bearer = { authorization: `Bearer ${token}` }

describe('the HTTP server', () => {
  test('serves health, readiness, metrics and status without a token on a loopback address', async () => {
    const served = await serve()

    expect(await get(served, '/healthz')).toMatchObject({
      status: 503,
      body: '{"status":"stuck","loops":[{"subject":"org","name":"acme","overdueSeconds":7}]}',
    })
    const { status: readiness, body } = await get(served, '/readyz')
    expect([readiness, JSON.parse(body)]).toMatchObject([503, { status: 'not-ready', reasonsTotal: 1 }])
    expect(await get(served, '/metrics')).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
      body: 'a_metric 1\n',
    })
    expect(JSON.parse((await get(served, '/api/status')).body)).toEqual(status)
  })

  test('sends headers that prevent browsers from storing, framing or sniffing any response', async () => {
    const served = await serve()
    for (const path of ['/healthz', '/api/status', '/nothing']) {
      expect((await get(served, path)).headers).toMatchObject({
        'cache-control': 'no-store',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'cross-origin-resource-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
      })
    }
  })

  test('reports only in the log why the status cannot be read', async () => {
    const served = await serve({
      sources: { status: () => Promise.reject(new Error('canary: /var/lib/journal is locked')) },
    })
    const { status: code, body } = await get(served, '/api/status')

    expect(code).toBe(503)
    expect(body).not.toContain('canary')
    expect(served.faults).toEqual([['/api/status', new Error('canary: /var/lib/journal is locked')]])
  })

  test('serves no metrics if a different SDK exports them', async () => {
    expect((await get(await serve({ sources: { metrics: undefined } }), '/metrics')).status).toBe(404)
  })

  test('closes all connections when it is closed', async () => {
    const served = await serve()
    const following = await respond(served, '/api/events')
    await served.server.close()
    await expect(text(following)).rejects.toThrow('aborted')
  })

  test.each([
    [
      'a port in use',
      (port: number) => ({ host: '127.0.0.1', port }),
      /^http: port \d+ on 127.0.0.1 is in use/,
    ],
    [
      'a foreign address',
      () => ({ host: '192.0.2.1', port: 0 }),
      /^http: http.host 192.0.2.1 is not an addr/,
    ],
    [
      'an unknown name',
      () => ({ host: 'nothing.invalid', port: 0 }),
      /^http: http.host nothing.invalid cannot/,
    ],
  ])('reports %s in one line', async (_, http, line) => {
    const { port } = await serve()
    await expect(serve({ http: http(port) })).rejects.toThrow(line)
  })
})

describe('with a token', () => {
  test('everything except the probes requires the token', async () => {
    const served = await serve({ http: { token: new Secret(token) } })
    for (const path of ['/metrics', '/api/status', '/api/events', '/nothing', '/']) {
      for (const headers of [{}, { authorization: 'Bearer wrong' }, { authorization: `Basic ${token}` }]) {
        const { status: code, headers: answered, body } = await get(served, path, { headers })
        expect([path, code, answered['www-authenticate']]).toEqual([path, 401, 'Bearer realm="cdrstream"'])
        expect(body).not.toContain(token)
      }
    }
    expect((await get(served, '/metrics', { headers: bearer })).status).toBe(200)
    expect((await get(served, '/nothing', { headers: bearer })).status).toBe(404)
  })

  test('the probes include no names without the token', async () => {
    const served = await serve({ http: { token: new Secret(token) } })
    expect(await get(served, '/healthz')).toMatchObject({ status: 503, body: '{"status":"stuck"}' })
    expect(await get(served, '/readyz')).toMatchObject({ status: 503, body: '{"status":"not-ready"}' })
    expect((await get(served, '/readyz', { headers: bearer })).body).toContain('"name":"files"')
  })

  test.each([
    '/api%2Fstatus',
    '/%61pi/status',
    '//api/status',
    '/api//status',
    '/./api/status',
    '/nothing/../api/status',
    '/healthz/../api/status',
    '/healthz/%2e%2e/api/status',
    '/healthz%2f..%2fapi%2fstatus',
    '/api/status?x=/healthz',
    '/api/status#/healthz',
    '/API/status',
    '/%00',
    '/%c0%af',
    '/%',
  ])('the path %s does not bypass the token', async (path) => {
    const { status: code, body } = await get(await serve({ http: { token: new Secret(token) } }), path)
    expect([401, 400]).toContain(code)
    expect(body).not.toContain(status.at)
  })

  test('the server also works over TLS, and then accepts only TLS', async () => {
    const { certificate, key } = await makeCertificate({ name: 'collector', hosts: ['127.0.0.1'] })
    const served = await serve({
      http: { token: new Secret(token), tls: { certPath: '', keyPath: '' } },
      certificate: { cert: certificate, key: new Secret(key) },
    })
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = sendSecureRequest(
        { host: '127.0.0.1', port: served.port, path: '/metrics', headers: bearer, ca: certificate },
        resolve,
      )
      sent.on('error', reject).end()
    })

    expect(served.server.url).toMatch(/^https:/)
    expect(await text(response)).toBe('a_metric 1\n')
    await expect(get(served, '/metrics')).rejects.toThrow()
  })
})

describe('a hostile request is refused:', () => {
  test.each([
    ['the host of another site (DNS rebinding)', { headers: { host: 'evil.example' } }, 421],
    ['the right host with another port', { headers: { host: '127.0.0.1:1' } }, 421],
    ['a background request from another site', { headers: { 'sec-fetch-site': 'cross-site' } }, 403],
    ['POST', { method: 'POST' }, 405],
    ['DELETE', { method: 'DELETE' }, 405],
    ['OPTIONS', { method: 'OPTIONS' }, 405],
    ['TRACE', { method: 'TRACE' }, 405],
    ['a body', { headers: { 'content-length': '5' }, body: 'hello' }, 413],
    ['a body in chunks', { headers: { 'transfer-encoding': 'chunked' }, body: 'hello' }, 413],
  ] as const)('%s', async (_, sent, code) => {
    const { status: found, body } = await get(await serve(), '/healthz', sent)
    expect([found, body.includes('stuck')]).toEqual([code, false])
  })

  test.each([
    ['no host', 'GET /healthz HTTP/1.1\r\n\r\n', 400],
    ['two hosts', 'GET /healthz HTTP/1.1\r\nHost: localhost:PORT\r\nHost: evil.example\r\n\r\n', 400],
    ['no host in HTTP/1.0', 'GET /healthz HTTP/1.0\r\n\r\n', 400],
    ['a whole URL', 'GET http://evil.example/healthz HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n', 400],
    ['no HTTP', 'hello\r\n\r\n', 400],
    ['a line break in a header', 'GET /healthz HTTP/1.1\r\nHost: localhost:PORT\r\nX: a\nb\r\n\r\n', 400],
    [
      'two lengths',
      'GET /healthz HTTP/1.1\r\nHost: localhost:PORT\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      400,
    ],
    [
      'huge headers',
      `GET /healthz HTTP/1.1\r\nHost: localhost:PORT\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
    ],
    ['a huge path', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n`, 431],
    [
      'a connection to another server',
      'CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n',
      null,
    ],
  ] as const)('%s', async (_, raw, code) => {
    const served = await serve({ limits: { keepAliveMs: 1, idleMs: 1_000 } })
    const received = await exchange(served, raw.replaceAll('PORT', String(served.port)))
    expect(received.slice(0, 12)).toBe(code === null ? '' : `HTTP/1.1 ${code}`)
    expect(received).not.toContain('stuck')
    expect((await get(served, '/metrics')).status).toBe(200)
  })

  test('slow headers, a slow body, or no data', async () => {
    const served = await serve({ limits: { requestMs: 200, idleMs: 500 } })
    const head = `GET /healthz HTTP/1.1\r\nHost: localhost:${served.port}\r\n`
    const received = await Promise.all([
      exchange(served, head),
      exchange(served, `${head.replace('GET', 'POST')}Content-Length: 100\r\n\r\n`, 'x'),
      exchange(served),
    ])
    expect(received[0]).toMatch(/^HTTP\/1\.1 408 /)
    expect(received[1]).toMatch(/^HTTP\/1\.1 405 /)
    expect(received[2]).toMatch(/^$|^HTTP\/1\.1 408 /)
  })

  test('too many connections, after which the server recovers', async () => {
    const served = await serve({ limits: { connections: 20, requestMs: 300 } })
    const sockets: Socket[] = []
    let closed = 0
    for (let count = 0; count < 100; count += 1) {
      const socket = connect(served.port, '127.0.0.1').on('error', () => {})
      socket.on('close', () => {
        closed += 1
      })
      sockets.push(socket)
    }
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy()
    })
    await expect.poll(() => closed).toBeGreaterThanOrEqual(80)
    await expect
      .poll(() =>
        get(served, '/metrics').then(
          ({ status: code }) => code,
          () => 0,
        ),
      )
      .toBe(200)
  })
})

describe('the events', () => {
  test('arrive as they happen, with heartbeats in between', async () => {
    const served = await serve({ limits: { heartbeatMs: 20 } })
    const response = await respond(served, '/api/events')
    let received = ''
    response.setEncoding('utf8').on('data', (data) => {
      received += data
    })
    served.events.publish({ type: 'gap', data: { org: 'acme' } })

    await expect.poll(() => received).toContain('id: p-1\nevent: gap\ndata: {"org":"acme"}\n\n')
    await expect.poll(() => received).toContain(': alive\n\n')
    expect(response.headers['content-type']).toBe('text/event-stream; charset=utf-8')
    response.destroy()
    await expect.poll(() => served.events.followers).toBe(0)
  })

  test('that a client missed are sent when it reconnects', async () => {
    const served = await serve()
    for (const n of [1, 2, 3]) served.events.publish({ type: 'committed', data: { n } })
    const response = await respond(served, '/api/events', { headers: { 'last-event-id': 'p-1' } })
    let received = ''
    response.setEncoding('utf8').on('data', (data) => {
      received += data
    })

    await expect.poll(() => received).toContain('{"n":3}')
    expect(received).toContain('{"n":2}')
    expect(received).not.toContain('{"n":1}')
    response.destroy()
  })

  test('are not buffered for a client that does not read', async () => {
    const served = await serve({ limits: { unreadBytes: 100_000 } })
    const response = await respond(served, '/api/events')
    response.pause().on('error', () => {})
    expect(served.events.followers).toBe(1)
    const data = { text: 'x'.repeat(10_000) }
    for (let count = 0; count < 2_000 && served.events.followers > 0; count += 1) {
      served.events.publish({ type: 'committed', data })
      await new Promise(setImmediate)
    }

    expect(served.events.followers).toBe(0)
    response.destroy()
  })

  test('are sent to a limited number of clients', async () => {
    const served = await serve({ limits: { followers: 2 } })
    const first = await respond(served, '/api/events')
    const second = await respond(served, '/api/events')

    expect(await get(served, '/api/events')).toMatchObject({ status: 503, headers: { 'retry-after': '10' } })
    first.destroy()
    await expect.poll(() => served.events.followers).toBe(1)
    const third = await respond(served, '/api/events')
    expect(third.statusCode).toBe(200)
    for (const response of [second, third]) response.destroy()
  })
})
