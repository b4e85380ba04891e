import type { RequestListener } from 'node:http'
import type { Socket } from 'node:net'
import { Readable, type Transform } from 'node:stream'
import {
  brotliCompressSync,
  constants,
  createBrotliCompress,
  createDeflate,
  createGzip,
  createZstdCompress,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib'
import type { Answer } from '@cdrstream/engine'
import { describe, expect, test } from 'vitest'
import { createFixedSignIn } from '../../src/sign-in/fixed-sign-in.ts'
import { createWebexSource } from '../../src/webex-source.ts'
import type { WebexSourceOptions } from '../../src/webex-source-options.ts'
import { listenHttp, listenTcp } from '../support/listeners.ts'
import { realClock } from '../support/real-clock.ts'
import { sendRequest } from '../support/send-request.ts'

const page = '{"items":[{"Report ID":"1"}]}'

function ask(host: string, options: Partial<WebexSourceOptions> = {}): Promise<Answer> {
  const source = createWebexSource({
    baseUrl: `http://${host}/v1`,
    signIn: createFixedSignIn({ reveal: () => 'canary-token' }, realClock),
    clock: realClock,
    timeouts: { headersMs: 10_000, bodyMs: 10_000 },
    ...options,
  })
  const window = { fromSec: 0, toSec: 60 }
  return sendRequest(source, { kind: 'initial', window, max: 1 })
}

async function answerTo(listener: RequestListener, options?: Partial<WebexSourceOptions>): Promise<Answer> {
  const { host } = await listenHttp(listener)
  return ask(host, options)
}

/** Answers with this body and these headers. */
function body(bytes: string | Buffer, headers: Record<string, string> = {}, status = 200): RequestListener {
  return (_, response) => response.writeHead(status, headers).end(bytes)
}

const malformed = { kind: 'failed', reason: 'malformed', status: 200 }

describe('a body of 1 GB of zeros', () => {
  const compressors: Readonly<Record<string, () => Transform>> = {
    gzip: () => createGzip({ level: 1 }),
    deflate: () => createDeflate({ level: 1 }),
    br: () => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 0 } }),
    zstd: () => createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 1 } }),
  }

  test.each(Object.entries(compressors))(
    'compressed with %s is too large and never held in memory',
    async (name, compress) => {
      const zeros = Buffer.alloc(4_000_000)
      const chunks = Readable.from(Array.from({ length: 250 }, () => zeros)).pipe(compress())
      const bomb = Buffer.concat(await chunks.toArray())
      const headers = { 'content-encoding': name }
      const beforeKb = process.resourceUsage().maxRSS
      for (const status of [200, 403]) {
        const answer = await answerTo(body(bomb, headers, status), { maxBodyBytes: 16_000_000 })
        expect(answer).toMatchObject(
          status === 200 ? { kind: 'failed', reason: 'too-large' } : { kind: 'refused' },
        )
      }
      expect(process.resourceUsage().maxRSS - beforeKb).toBeLessThan(150_000)
    },
  )

  test('is too large as soon as it exceeds the limit', async () => {
    let sentBytes = 0
    const answer = await answerTo(
      (_, response) => {
        const zeros = Buffer.alloc(100_000)
        const send = (): void => {
          sentBytes += zeros.length
          if (!response.destroyed) response.write(zeros, send)
        }
        send()
      },
      { maxBodyBytes: 1_000_000 },
    )
    expect(answer).toMatchObject({ kind: 'failed', reason: 'too-large', code: 'body-too-large' })
    expect(sentBytes).toBeLessThan(50_000_000)
  })
})

describe('an encoding', () => {
  const encoders = {
    gzip: gzipSync,
    'x-gzip': gzipSync,
    deflate: deflateSync,
    br: brotliCompressSync,
    zstd: zstdCompressSync,
  } as const

  test.each(Object.entries(encoders))(
    '%s is decoded, and is malformed if the header names a different encoding',
    async (name, encode) => {
      const headers = { 'content-encoding': name.toUpperCase() }
      expect(await answerTo(body(encode(page), headers))).toMatchObject({ kind: 'page' })
      for (const wrong of [page, encode(page).subarray(0, 12)])
        expect(await answerTo(body(wrong, headers))).toMatchObject({ ...malformed, code: 'body-encoding' })
    },
  )

  test('can be raw deflate or two nested encodings', async () => {
    expect(await answerTo(body(deflateRawSync(page), { 'content-encoding': 'deflate' }))).toMatchObject({
      kind: 'page',
    })
    const twice = gzipSync(zstdCompressSync(page))
    expect(await answerTo(body(twice, { 'content-encoding': 'zstd, gzip' }))).toMatchObject({ kind: 'page' })
  })

  test.each(['snappy', 'constructor', '__proto__', 'gzip,gzip,gzip', 'gzip;q=1'])(
    'that is not supported is malformed: %s',
    async (encoding) => {
      expect(await answerTo(body(gzipSync(page), { 'content-encoding': encoding }))).toMatchObject({
        ...malformed,
        code: 'body-encoding',
      })
    },
  )
})

describe('a body that is not a page', () => {
  test.each([
    ['', 'body-empty'],
    [' \n', 'body-empty'],
    ['<!doctype html><html>Sign in to the network</html>', 'answer-not-from-webex'],
    ['Not JSON', 'body-not-a-page'],
    ['{"items":[{"a":1},', 'body-not-a-page'],
    ['[]', 'body-not-a-page'],
    ['null', 'body-not-a-page'],
    ['{}', 'body-not-a-page'],
    ['{"items":null}', 'body-not-a-page'],
    ['{"items":{"length":1,"0":{}}}', 'body-not-a-page'],
    ['{"items":"[]"}', 'body-not-a-page'],
    ['{"Items":[]}', 'body-not-a-page'],
    ['{"items":[]}{"items":[]}', 'body-not-a-page'],
    ['{"__proto__":{"items":[]}}', 'body-not-a-page'],
  ])('%j is malformed', async (text, code) => {
    expect(await answerTo(body(text))).toMatchObject({ ...malformed, code })
  })

  test('is checked by its bytes, regardless of its content type', async () => {
    const headers = { 'content-type': 'text/html; charset=latin1' }
    expect(await answerTo(body(page, headers))).toMatchObject({ kind: 'page' })
    expect(await answerTo(body(Buffer.from(page, 'utf16le'), headers))).toMatchObject(malformed)
  })
})

describe('items', () => {
  test.each([
    ['20,001 items', `{"items":[${Array(20_001).fill('{}').join(',')}]}`],
    [
      '1,001 other keys',
      `{"items":[],${Array.from({ length: 1_001 }, (_, index) => `"${index}":0`).join(',')}}`,
    ],
    ['errors of a million lists', `{"items":[],"errors":[${Array(1_000_000).fill('[]').join(',')}]}`],
    ['a key of 2 MB', `{"items":[],"${'k'.repeat(2_000_000)}":0}`],
  ])('beyond the bounds of a page (%s) are too large, so a shorter window is requested', async (_, text) => {
    const headers = { 'content-encoding': 'gzip' }
    expect(await answerTo(body(gzipSync(text), headers))).toMatchObject({
      kind: 'failed',
      reason: 'too-large',
      code: 'body-too-large',
    })
  })

  test('up to the number in four pages are all accepted', async () => {
    const answer = await answerTo(body(`{"items":[${Array(20_000).fill('{"a":1}').join(',')}]}`))
    expect(answer.kind === 'page' && answer.items.length).toBe(20_000)
  })

  test.each([
    ['lists nested a million deep', `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`],
    ['objects nested a million deep', `${'{"a":'.repeat(1_000_000)}1${'}'.repeat(1_000_000)}`],
    ['of 20 MB', `{"User":"${'u'.repeat(20_000_000)}"}`],
    ['of a million members', `[${Array(1_000_000).fill('[]').join(',')}]`],
    ['with a raw control character', '{"User":"A\0B"}'],
  ])(
    'that cannot be read (%s) are returned as truncated bytes, together with the others',
    async (_, text) => {
      const answer = await answerTo(body(`{"items":[{"Report ID":"1"},${text},{"Report ID":"2"}]}`))
      if (answer.kind !== 'page') throw new Error(answer.kind)
      expect(answer.items).toMatchObject([
        { kind: 'parsed', value: { 'Report ID': '1' } },
        { kind: 'unreadable', totalBytes: text.length },
        { kind: 'parsed', value: { 'Report ID': '2' } },
      ])
      expect(answer.items[1]?.bytes).toHaveLength(Math.min(text.length, 1_000_000))
    },
  )

  test('with keys such as __proto__ do not change the prototype', async () => {
    const item = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'
    expect(await answerTo(body(`{"items":[${item}],"__proto__":{"polluted":1}}`))).toMatchObject({
      kind: 'page',
    })
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })
})

describe('a connection that ends', () => {
  const headers = 'HTTP/1.1 200 OK\r\nDate: Thu, 24 Sep 2026 12:00:00 GMT\r\nContent-Length: 100\r\n'
  const end = (text: string) => (socket: Socket) => void socket.once('data', () => socket.end(text))

  test.each<[string, (socket: Socket) => void]>([
    ['immediately', (socket) => socket.destroy()],
    ['by a reset', (socket) => socket.once('data', () => socket.resetAndDestroy())],
    ['after the request', end('')],
    ['in the status line', end('HTTP/1.1 2')],
    ['in the headers', end('HTTP/1.1 200 OK\r\nDate: Thu')],
    ['before the end of the headers', end(headers)],
    ['after an interim answer', end('HTTP/1.1 103 Early Hints\r\n\r\n')],
    ['after something other than HTTP', end('220 mail.example ESMTP\r\n')],
    ['after endless headers', end(`HTTP/1.1 200 OK\r\n${'X-A: y\r\n'.repeat(20_000)}\r\n`)],
    [
      'after two different lengths',
      end('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx'),
    ],
  ])('before the headers arrive is unreachable, without an arrival time: %s', async (_, onConnection) => {
    const { host } = await listenTcp(onConnection)
    expect(await ask(host)).toMatchObject({
      kind: 'failed',
      reason: 'unreachable',
      code: 'unreachable',
      status: null,
      answeredAtMs: null,
    })
  })

  test.each([
    ['before the body', `${headers}\r\n`],
    ['in the body', `${headers}\r\n{"items":[`],
    ['in a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{"items":['],
    ['between chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{"\r\n'],
    ['in an invalid chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n'],
  ])('after the headers is malformed, with an arrival time: %s', async (_, text) => {
    const { host } = await listenTcp(end(text))
    expect(await ask(host)).toMatchObject({
      ...malformed,
      code: 'body-cut',
      answeredAtMs: expect.any(Number),
    })
  })

  test("after a body without a length is checked by the body's JSON", async () => {
    const whole = await listenTcp(end(`HTTP/1.1 200 OK\r\n\r\n${page}`))
    expect(await ask(whole.host)).toMatchObject({ kind: 'page' })
    const cut = await listenTcp(end(`HTTP/1.1 200 OK\r\n\r\n${page.slice(0, 20)}`))
    expect(await ask(cut.host)).toMatchObject({ ...malformed, code: 'body-not-a-page' })
  })
})

describe('a server that sends slowly', () => {
  /** One byte every 5 ms, without end, so that no pause between bytes is long. */
  function drip(socket: Socket): void {
    const timer = setInterval(() => socket.write('x'), 5)
    socket.on('close', () => clearInterval(timer))
  }
  const timeouts = { headersMs: 60, bodyMs: 60 }

  test('does not finish its headers in time', async () => {
    const { host } = await listenTcp((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nX-Slow: ')
      drip(socket)
    })
    expect(await ask(host, { timeouts })).toMatchObject({
      kind: 'failed',
      reason: 'timeout',
      code: 'no-answer',
      answeredAtMs: null,
    })
  })

  test.each([200, 451, 404])(
    'does not delay the answer to a %i beyond the timeout with its body',
    async (status) => {
      const { host } = await listenTcp((socket) =>
        socket.once('data', () => {
          socket.write(`HTTP/1.1 ${status} X\r\nContent-Length: 100000\r\n\r\n`)
          drip(socket)
        }),
      )
      const code = { 200: 'body-late', 404: 'body-lost', 451: 'region-unknown' }[status]
      expect(await ask(host, { timeouts: { ...timeouts, headersMs: 10_000 } })).toMatchObject({
        status,
        code,
        answeredAtMs: expect.any(Number),
      })
    },
  )
})
