import { gzipSync } from 'node:zlib'
import type { Clock, SourceRequest } from '@cdrstream/engine'
import { describe, expect, test } from 'vitest'
import { sendRequest } from '../test/support/send-request.ts'
import { createFixedSignIn } from './sign-in/fixed-sign-in.ts'
import type { SignIn } from './sign-in/sign-in.ts'
import type { Transport, TransportRequest, TransportResponse } from './transport.ts'
import { createWebexSource } from './webex-source.ts'
import type { WebexSourceOptions } from './webex-source-options.ts'

const token = 'canary-token'
const startMs = Date.UTC(2026, 8, 24, 12)
const window: SourceRequest = { kind: 'initial', window: { fromSec: 1_000, toSec: 1_060 }, max: 5_000 }
const page = JSON.stringify({ items: [{ Duration: 1 }, null] })

/** A clock that advances only when the test advances it. */
function manualClock() {
  let nowMs = startMs
  const sleepers = new Map<() => void, number>()
  const clock: Clock = {
    nowMs: () => nowMs,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const wake = () => {
          sleepers.delete(wake)
          resolve()
        }
        sleepers.set(wake, nowMs + ms)
        signal.addEventListener('abort', wake, { once: true })
      }),
    yield: async () => {},
  }
  const advance = (ms: number) => {
    nowMs += ms
    for (const [wake, atMs] of sleepers) if (atMs <= nowMs) wake()
  }
  return { clock, advance, sleeping: () => sleepers.size }
}

function response(change: Partial<TransportResponse> = {}): TransportResponse {
  return { status: 200, statusText: '', headers: {}, body: [Buffer.from(page)], ...change }
}

/** Returns a sign-in with these tokens. */
function signInWith(accessToken: SignIn['accessToken']): SignIn {
  return { ...createFixedSignIn({ reveal: () => token }, manualClock().clock), accessToken }
}

function ask(
  transport: Transport,
  options: Partial<WebexSourceOptions> = {},
  signal = new AbortController().signal,
) {
  const source = createWebexSource({
    baseUrl: 'https://analytics-calling.webexapis.com/v1/',
    signIn: createFixedSignIn({ reveal: () => token }, manualClock().clock),
    clock: manualClock().clock,
    transport,
    newTrackingId: () => 'sent',
    ...options,
  })
  return sendRequest(source, window, signal)
}

const never = () => new Promise<never>(() => {})

async function* trickling(firstBytes: string, next: () => Promise<unknown>) {
  yield Buffer.from(firstBytes)
  await next()
}

test('one request to the source is one HTTP request, whose answer is a page of items', async () => {
  const requests: TransportRequest[] = []
  const answer = await ask(async (request) => {
    requests.push(request)
    return response()
  })
  expect(answer).toEqual({
    kind: 'page',
    answeredAtMs: startMs,
    serverDateMs: null,
    trackingId: 'sent',
    sentTrackingId: 'sent',
    items: [
      {
        kind: 'parsed',
        text: '{"Duration":1}',
        bytes: Buffer.from('{"Duration":1}'),
        value: { Duration: 1 },
      },
      { kind: 'parsed', text: 'null', bytes: Buffer.from('null'), value: null },
    ],
    next: null,
    release: expect.any(Function),
  })
  expect(requests).toHaveLength(1)
  expect(requests[0]).toMatchObject({
    url: expect.stringMatching(
      /^https:\/\/analytics-calling\.webexapis\.com\/v1\/cdr_stream\?startTime=1970-/,
    ),
    headers: { authorization: `Bearer ${token}`, trackingid: 'sent' },
  })
})

test('release frees the memory of a large page, but not memory that is shared', async () => {
  const text = '{"Duration":1}'
  for (const count of [1, 10_000]) {
    const large = Buffer.from(`{"items":[${Array(count).fill(text).join()}]}`)
    for (const [encoding, body] of Object.entries({ gzip: gzipSync(large), identity: large })) {
      const answer = await ask(async () =>
        response({ headers: { 'content-encoding': encoding }, body: [body] }),
      )
      const [item] = answer.kind === 'page' ? answer.items : []
      const other = Buffer.from('in the pool')
      expect(Buffer.from(item?.bytes ?? []).toString()).toBe(text)
      if (answer.kind === 'page') answer.release?.()
      expect(other.toString()).toBe('in the pool')
      if (count > 1) expect(item?.bytes.length).toBe(0)
    }
    // The transport's buffers are not freed.
    expect(large.length).toBeGreaterThan(0)
  }
})

test('the body can arrive in any chunks, from an async or a plain iterable', async () => {
  const bytes = gzipSync(page)
  const chunks = [bytes.subarray(0, 5), new Uint8Array(bytes.subarray(5))]
  async function* body() {
    yield* chunks
  }
  const headers = { 'content-encoding': 'gzip', 'content-length': String(bytes.length) }
  for (const each of [chunks, body()]) {
    expect(await ask(async () => response({ headers, body: each }))).toMatchObject({ kind: 'page' })
  }
})

test('a page with more items than requested is accepted', async () => {
  const many = `{"items":[${Array(20_000).fill('{}').join(',')}]}`
  const answer = await ask(async () => response({ body: [Buffer.from(many)] }))
  expect(answer.kind === 'page' && answer.items.length).toBe(20_000)
})

describe('the token', () => {
  test('is fetched again for each request', async () => {
    const sent: (string | undefined)[] = []
    const tokens = ['first', 'second']
    const source = createWebexSource({
      baseUrl: 'https://analytics-calling.webexapis.com/v1',
      signIn: signInWith(async () => ({ kind: 'token', token: tokens.shift() ?? '' })),
      clock: manualClock().clock,
      transport: async ({ headers }) => {
        sent.push(headers.authorization)
        return response()
      },
    })
    await sendRequest(source, window)
    await sendRequest(source, { kind: 'page', link: 'x=1' })
    expect(sent).toEqual(['Bearer first', 'Bearer second'])
  })

  test.each<[string, Transport]>([
    ['an exception', () => Promise.reject(new Error(`invalid header: Bearer ${token}`))],
    ['a status text', async () => response({ status: 500, statusText: token })],
    ['a body', async () => response({ status: 401, body: [Buffer.from(`{"message":"bad ${token}"}`)] })],
    ['a tracking id', async () => response({ headers: { trackingid: token } })],
    [
      'a truncated body',
      async () =>
        response({ body: trickling('{', () => Promise.reject(new Error(`after Bearer ${token}`))) }),
    ],
  ])('appears in no answer: %s', async (_, transport) => {
    expect(JSON.stringify(await ask(transport))).not.toContain(token)
  })
})

describe('without headers', () => {
  test.each<[string, Transport]>([
    ['a rejection', () => Promise.reject(Object.assign(new Error(''), { code: 'ECONNREFUSED' }))],
    [
      'an exception',
      () => {
        throw new TypeError('bad')
      },
    ],
    ['a rejection with a string', () => Promise.reject('down')],
  ])('%s is unreachable, without an arrival time', async (_, transport) => {
    expect(await ask(transport)).toEqual({
      kind: 'failed',
      answeredAtMs: null,
      serverDateMs: null,
      trackingId: 'sent',
      sentTrackingId: 'sent',
      status: null,
      reason: 'unreachable',
      code: 'unreachable',
      remedy: expect.any(String),
      retryAfterMs: null,
      detail: expect.stringMatching(/ECONNREFUSED|bad|down/),
    })
  })

  test('the request times out and aborts the transport', async () => {
    const { clock, advance, sleeping } = manualClock()
    const sent = Promise.withResolvers<AbortSignal>()
    const answer = ask(
      ({ signal }) => {
        sent.resolve(signal)
        return never()
      },
      { clock, timeouts: { headersMs: 500 } },
    )
    const signal = await sent.promise
    advance(499)
    expect(signal.aborted).toBe(false)
    advance(1)
    expect(await answer).toMatchObject({
      kind: 'failed',
      reason: 'timeout',
      answeredAtMs: null,
      status: null,
    })
    expect(signal.aborted).toBe(true)
    expect(sleeping()).toBe(0)
  })
})

describe('after the headers', () => {
  test('the answer has their arrival time, even if the body fails', async () => {
    const { clock, advance } = manualClock()
    const answer = await ask(
      async () => {
        advance(2_000)
        return response({
          body: trickling('{"items":[', async () => {
            advance(3_000)
            throw new Error('other side closed')
          }),
        })
      },
      { clock },
    )
    expect(answer).toMatchObject({
      kind: 'failed',
      status: 200,
      reason: 'malformed',
      answeredAtMs: startMs + 2_000,
    })
  })

  test('a body that trickles in without end is a timeout', async () => {
    const { clock, advance, sleeping } = manualClock()
    async function* body() {
      for (;;) {
        yield Buffer.from(' ')
        advance(400)
        await Promise.resolve()
      }
    }
    const answer = await ask(async () => response({ body: body() }), { clock, timeouts: { bodyMs: 1_000 } })
    expect(answer).toMatchObject({ kind: 'failed', reason: 'timeout', answeredAtMs: startMs })
    expect(sleeping()).toBe(0)
  })

  test('a body with fewer bytes than announced is malformed', async () => {
    const headers = { 'content-length': String(page.length + 1) }
    expect(await ask(async () => response({ headers }))).toMatchObject({
      kind: 'failed',
      reason: 'malformed',
    })
  })

  test('a body above the limit is too large, and reading stops', async () => {
    let closed = false
    async function* body() {
      try {
        for (;;) yield Buffer.alloc(1_000)
      } finally {
        closed = true
      }
    }
    expect(await ask(async () => response({ body: body() }), { maxBodyBytes: 10_000 })).toMatchObject({
      kind: 'failed',
      reason: 'too-large',
      answeredAtMs: startMs,
    })
    expect(closed).toBe(true)
  })

  test.each(['', '{"items":', '<html>secret 4930123456</html>', '{"records":["4930123456"]}'])(
    'a 200 that is not a page is malformed, without its content in the detail: %j',
    async (text) => {
      const answer = await ask(async () => response({ body: [Buffer.from(text)] }))
      expect(answer).toMatchObject({ kind: 'failed', reason: 'malformed' })
      expect(JSON.stringify(answer)).not.toContain('4930123456')
    },
  )

  test('an error body has a separate, lower limit', async () => {
    const body = [Buffer.alloc(2_000_000, 'x')]
    expect(await ask(async () => response({ status: 403, statusText: 'Forbidden', body }))).toMatchObject({
      kind: 'refused',
      reason: 'permission',
      detail: 'Forbidden',
    })
  })
})

describe('an abort ends the request immediately, even if the transport ignores it,', () => {
  const aborted = { kind: 'failed', reason: 'unreachable' }

  test('before it starts', async () => {
    const answer = await ask(never, {}, AbortSignal.abort())
    expect(answer).toMatchObject({ kind: 'failed', answeredAtMs: null })
  })

  test('while it waits for the token', async () => {
    const controller = new AbortController()
    const answer = ask(never, { signIn: signInWith(never) }, controller.signal)
    controller.abort()
    expect(await answer).toMatchObject({ kind: 'failed', reason: 'sign-in', answeredAtMs: null })
  })

  test('while it waits for the headers', async () => {
    const controller = new AbortController()
    const answer = ask(
      () => {
        queueMicrotask(() => controller.abort())
        return never()
      },
      {},
      controller.signal,
    )
    expect(await answer).toMatchObject({ ...aborted, answeredAtMs: null })
  })

  test('while it waits for the body', async () => {
    const controller = new AbortController()
    const body = trickling('{', () => {
      queueMicrotask(() => controller.abort())
      return never()
    })
    expect(await ask(async () => response({ body }), {}, controller.signal)).toMatchObject({
      ...aborted,
      answeredAtMs: startMs,
    })
  })

  test('while it decompresses the body', async () => {
    const controller = new AbortController()
    const bytes = gzipSync(Buffer.alloc(50_000_000, ' '))
    setImmediate(() => controller.abort())
    const answer = await ask(
      async () => response({ headers: { 'content-encoding': 'gzip' }, body: [bytes] }),
      {},
      controller.signal,
    )
    expect(answer).toMatchObject({ ...aborted, answeredAtMs: startMs })
  })

  test('while it splits the page, and stops splitting', async () => {
    const controller = new AbortController()
    const turns: Promise<void>[] = []
    const clock: Clock = {
      ...manualClock().clock,
      yield: () => {
        controller.abort()
        const turn = new Promise<void>((resolve) => setImmediate(resolve))
        turns.push(turn)
        return turn
      },
    }
    const text = `{"items":[${Array(1_000)
      .fill(JSON.stringify('x'.repeat(1_000)))
      .join(',')}]}`
    expect(
      await ask(async () => response({ body: [Buffer.from(text)] }), { clock }, controller.signal),
    ).toMatchObject({ ...aborted, answeredAtMs: startMs })
    await turns[0]
    await new Promise((resolve) => setImmediate(resolve))
    expect(turns).toHaveLength(1)
  })

  test('and leaves no listener on the signal', async () => {
    const { signal } = new AbortController()
    let listeners = 0
    const add = signal.addEventListener.bind(signal)
    const remove = signal.removeEventListener.bind(signal)
    signal.addEventListener = (...parameters: Parameters<typeof add>) => {
      listeners += 1
      add(...parameters)
    }
    signal.removeEventListener = (...parameters: Parameters<typeof remove>) => {
      listeners -= 1
      remove(...parameters)
    }
    await ask(async () => response(), {}, signal)
    await ask(() => Promise.reject(new Error('down')), {}, signal)
    expect(listeners).toBe(0)
  })
})
