import { createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { answeringServer, type CannedAnswer } from '../../test/support/answering-server.ts'
import { testBatch, testRecords } from '../../test/support/test-record.ts'
import { call, openCall, openTestSession, testSink } from '../../test/support/test-sink.ts'

const product = { 'x-elastic-product': 'Elasticsearch' }
const notFound = { error: 'no handler found for uri', status: 400 }

/** The responses of other servers to the sink's first request. The integration tests use a real server. */
const servers: readonly (readonly [string, CannedAnswer, object])[] = [
  [
    'OpenSearch, which rejects the content type',
    {
      status: 406,
      body: {
        error: 'Content-Type header [application/vnd.elasticsearch+json] is not supported',
        status: 406,
      },
    },
    { kind: 'failed', code: 'not-elasticsearch' },
  ],
  [
    'OpenSearch, which rejects the path',
    { status: 400, body: notFound },
    { kind: 'failed', code: 'not-elasticsearch' },
  ],
  [
    'a web server that responds to everything',
    { status: 200, body: {} },
    { kind: 'failed', code: 'not-elasticsearch' },
  ],
  [
    'a web server that responds with 404',
    { status: 404, body: {} },
    { kind: 'failed', code: 'not-elasticsearch' },
  ],
  [
    'Elasticsearch 8',
    { status: 400, headers: product, body: { error: { type: 'media_type_header_exception' }, status: 400 } },
    { kind: 'failed', code: 'elasticsearch-version' },
  ],
  [
    'Elasticsearch 7',
    { status: 406, headers: product, body: { error: 'not supported' } },
    { kind: 'failed', code: 'elasticsearch-version' },
  ],
  [
    'a server that rejects the credential',
    { status: 401, body: { error: { type: 'security_exception' } } },
    { kind: 'failed', code: 'unauthenticated' },
  ],
  [
    'a server that grants no privileges',
    { status: 403, body: { error: { type: 'security_exception' } } },
    { kind: 'failed', code: 'forbidden' },
  ],
  // The real server in the tests cannot produce this, because it ignores such a role with a Basic license.
  [
    'a license that does not include a feature used by a role',
    {
      status: 403,
      body: {
        error: {
          type: 'security_exception',
          reason: 'current license is non-compliant for [field and document level security]',
          'license.expired.feature': 'field and document level security',
        },
      },
    },
    {
      kind: 'failed',
      code: 'not-licensed',
      remedy: expect.stringContaining('field and document level security'),
    },
  ],
  ['a proxy without a server behind it', { status: 502, body: 'Bad Gateway' }, { kind: 'retry' }],
  ['a server that is starting', { status: 503, headers: product, body: {} }, { kind: 'retry' }],
  ['a server that is busy', { status: 429, headers: product, body: {} }, { kind: 'retry' }],
]

describe('the sink recognizes', () => {
  test.each(servers)('%s', async (_, answer, outcome) => {
    await using server = await answeringServer(() => answer)
    const sink = await testSink({ nodes: [server.url], apiKey: 'canary' })
    expect(await sink.open(openCall)).toMatchObject(outcome)
  })

  test('a port where nothing listens, and asks the engine to retry', async () => {
    const sink = await testSink({ nodes: [await closedUrl()] })
    expect(await sink.open(openCall)).toMatchObject({ kind: 'retry' })
  })

  test('each of these servers in its check', async () => {
    await using server = await answeringServer(() => ({ status: 200, body: {} }))
    const sink = await testSink({ nodes: [server.url] })
    expect(await sink.check(call)).toMatchObject([{ level: 'error', code: 'not-elasticsearch' }])
    const other = await testSink({ nodes: [await closedUrl()] })
    expect(await other.check(call)).toMatchObject([{ level: 'error', code: 'unreachable' }])
  })
})

test('the sink sends a request once and leaves retries to the engine', async () => {
  await using server = await answeringServer(() => ({ status: 503, headers: product }))
  const sink = await testSink({ nodes: [server.url] })
  await sink.open(openCall)
  expect(server.asked).toEqual(['POST /_security/user/_has_privileges'])
})

test('an aborted call settles within a second even if the server does not respond', async () => {
  await using server = await answeringServer(() => undefined)
  const sink = await testSink({ nodes: [server.url] })
  const abort = new AbortController()
  const opening = sink.open({ ...openCall, signal: abort.signal })
  abort.abort()
  const begin = performance.now()
  expect(await opening).toMatchObject({ kind: 'retry' })
  expect(performance.now() - begin).toBeLessThan(1_000)
})

test('no outcome or log line contains a credential or record content', async () => {
  const error = { type: 'canary: no type', reason: 'canary-number' }
  const item = { index: { status: 400, error } }
  const answers: readonly CannedAnswer[] = [
    ...servers.map(([, answer]) => answer),
    { status: 400, headers: product, body: { error, status: 400 } },
    { status: 200, headers: product, body: { errors: true, items: [item, item, item] } },
  ]
  const logged = { lines: [] as string[] }
  const outcomes: unknown[] = []
  for (const answer of answers) {
    // Opening succeeds. Each server then refuses the bulk request in its own way.
    await using server = await answeringServer((asked) =>
      asked === 'POST /_bulk'
        ? answer
        : { status: asked.startsWith('POST /_security') ? 400 : 200, headers: product, body: bodyOf(asked) },
    )
    const sink = await testSink(
      { nodes: [server.url], username: 'canary-user', password: 'canary-password' },
      logged,
    )
    await using session = await openTestSession(sink)
    const outcome = await session.write(
      testBatch(testRecords(3, { content: { 'Called number': 'canary-number' } })),
    )
    expect(server.asked).toContain('POST /_bulk')
    outcomes.push(
      outcome,
      'cause' in outcome && outcome.cause instanceof Error ? describeError(outcome.cause) : '',
    )
  }
  const all = JSON.stringify(outcomes) + logged.lines.join('\n')
  for (const canary of ['canary', Buffer.from('canary-user:canary-password').toString('base64')]) {
    expect(all).not.toContain(canary)
  }
})

function bodyOf(asked: string): unknown {
  if (asked === 'GET /cdr-2*.*') {
    return { 'cdr-2026.11': { aliases: { cdr: {} }, mappings: { _meta: { cdrstream: { template: 1 } } } } }
  }
  if (asked.startsWith('GET /_index_template')) {
    return {
      index_templates: [{ name: 'cdr', index_template: { version: 1_000, _meta: { cdrstream: {} } } }],
    }
  }
  return asked.includes(' /cdr-journals/') ? { _source: {}, _seq_no: 0, _primary_term: 1 } : {}
}

/** Returns an error with everything attached to it. */
function describeError(error: Error): string {
  const cause = error.cause instanceof Error ? describeError(error.cause) : String(error.cause)
  return `${error.stack} ${JSON.stringify(error, Object.getOwnPropertyNames(error))} ${cause}`
}

/** Returns a URL with a port that nothing listens on. */
async function closedUrl(): Promise<string> {
  const server = createServer()
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  await new Promise((closed) => server.close(closed))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return `http://127.0.0.1:${address.port}`
}
