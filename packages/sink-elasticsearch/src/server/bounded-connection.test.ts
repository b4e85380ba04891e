import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { deflateSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { openCall, testSink } from '../../test/support/test-sink.ts'

const json = { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' }
const zeros = Buffer.alloc(100_000_000, '0')
const answer =
  (body: string | Buffer, headers: Readonly<Record<string, string>> = {}): RequestListener =>
  (_, response) =>
    response.writeHead(200, { ...json, ...headers }).end(body)

const endless: RequestListener = (_, response) => {
  response.writeHead(200, json)
  const send = (): void => {
    if (!response.destroyed) response.write(zeros.subarray(0, 100_000), send)
  }
  send()
}

async function open(listener: RequestListener) {
  const server = createServer((request, response) => {
    request.resume().once('end', () => listener(request, response))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  try {
    const sink = await testSink({ nodes: [`http://127.0.0.1:${(server.address() as AddressInfo).port}`] })
    return await sink.open(openCall)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

test.each<[string, RequestListener]>([
  ['announces 100 MB', answer(zeros)],
  ['never ends', endless],
  [
    'is 100 MB as gzip, without a request for compression',
    answer(gzipSync(zeros), { 'content-encoding': 'gzip' }),
  ],
  ['is 100 MB as deflate', answer(deflateSync(zeros), { 'content-encoding': 'deflate' })],
  ['is a list of a million lists', answer(`[${'[],'.repeat(1_000_000)}[]]`)],
  ['is a million nested lists', answer(`${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`)],
])('if a response %s, the sink fails and its memory stays bounded', async (_, listener) => {
  const beforeKb = process.resourceUsage().maxRSS
  expect(await open(listener)).toMatchObject({ kind: 'failed', code: 'answer-too-large' })
  expect(process.resourceUsage().maxRSS - beforeKb).toBeLessThan(150_000)
})

test('a response that claims to be gzip but is not → retry', async () => {
  expect(await open(answer('{}', { 'content-encoding': 'gzip' }))).toMatchObject({ kind: 'retry' })
})

test('a compressed response of normal size is accepted', async () => {
  const refusal = gzipSync(JSON.stringify({ error: { type: 'security_exception' } }))
  const unauthenticated: RequestListener = (_, response) =>
    response.writeHead(401, { ...json, 'content-encoding': 'gzip' }).end(refusal)
  expect(await open(unauthenticated)).toMatchObject({ kind: 'failed', code: 'unauthenticated' })
})
