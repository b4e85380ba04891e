import type { RequestListener } from 'node:http'
import type { Answer, Source, SourceRequest } from '@cdrstream/engine'
import { describe, expect, test } from 'vitest'
import { regionHosts } from '../../src/region/regions.ts'
import { createFixedSignIn } from '../../src/sign-in/fixed-sign-in.ts'
import type { Transport, TransportResponse } from '../../src/transport.ts'
import { createWebexSource } from '../../src/webex-source.ts'
import type { WebexSourceOptions } from '../../src/webex-source-options.ts'
import { listenHttp } from '../support/listeners.ts'
import { realClock } from '../support/real-clock.ts'
import { sendRequest } from '../support/send-request.ts'

const token = 'canary-token'
const us = regionHosts.us
const eu = regionHosts.eu

function sourceOf(options: Pick<WebexSourceOptions, 'baseUrl'> & Partial<WebexSourceOptions>): Source {
  return createWebexSource({
    signIn: createFixedSignIn({ reveal: () => token }, realClock),
    clock: realClock,
    ...options,
  })
}

const window: SourceRequest = { kind: 'initial', window: { fromSec: 0, toSec: 60 }, max: 1 }

function ask(source: Source, request = window): Promise<Answer> {
  return sendRequest(source, request)
}

/** URLs that look like Webex, or that some parsers read as a different host. */
function hostileUrls(thief: string): readonly string[] {
  const [ip = '', port = ''] = thief.split(':')
  const hosts = [
    // Look-alikes: a different suffix, prefix, letter or dot.
    ...[`${us}.${ip}`, `${us}-${thief}`, `evil-${us}`, `evil.${us}`, 'analytics-callingwebexapis.com'],
    ...['analytics-calling.webexapis.co', 'analytics-calling.webexapis.com.evil.example', 'webexapis.com'],
    ...['analytics-calling-xx.webexapis.com', 'analytics-calling.evil.webexapis.com', 'api.webexapis.com'],
    ...[
      'analytics-cаlling.webexapis.com',
      'xn--analytics-clling-9jb.webexapis.com',
      'analytics-calling.webexapis。com',
    ],
    ...['analytics‐calling.webexapis.com', 'analytics-calling.webexapis.com\u200b.evil.example'],
    ...[`${us}.`, `${eu}.`, `${us}..`, `.${us}`],
    // Another port, or a user name.
    ...[`${us}:8443`, `${eu}:80`, `${us}:${port}`, `${us}:0`, `${us}:99999`],
    ...[
      `${us}@${thief}`,
      `${us}:443@${thief}`,
      `user:password@${thief}`,
      `${thief}@${us}`,
      `${us}%40${thief}`,
    ],
    // Backslashes, and other characters that appear to end a host.
    ...[`${thief}\\@${us}`, `${us}\\@${thief}`, `${thief}/${us}`, `${thief}?${us}`, `${thief}#${us}`],
    ...[`${us}#@${thief}`, `${us}?@${thief}`, `${us};@${thief}`, `${thief}\t@${us}`, `${thief}%2f.${us}`],
    // Other names of the local machine.
    ...[thief, `localhost:${port}`, `2130706433:${port}`, `0x7f.1:${port}`, `017700000001:${port}`],
    ...[`127.1:${port}`, `[::1]:${port}`, `[::ffff:127.0.0.1]:${port}`, `0:${port}`, `0.0.0.0:${port}`],
  ]
  return hosts.flatMap((host) => [`https://${host}`, `http://${host}/v1`, `//${host}`, `HTTPS:\\\\${host}`])
}

/** The ways in which an answer can point elsewhere. */
const leads: Readonly<Record<string, (url: string) => Omit<TransportResponse, 'statusText'>>> = {
  'a 451': (url) => ({
    status: 451,
    headers: {},
    body: [Buffer.from(JSON.stringify({ message: `should go to URL: ${url}` }))],
  }),
  'a 451 in plain text': (url) => ({ status: 451, headers: {}, body: [Buffer.from(url)] }),
  'a 451 that also names Webex': (url) => ({
    status: 451,
    headers: {},
    body: [Buffer.from(`{"errors":[{"description":"not ${eu} but should go to URL: ${url} "}]}`)],
  }),
  'a redirect': (url) => ({ status: 307, headers: { location: url }, body: [] }),
  'a next link': (url) => ({
    status: 200,
    // Encoded as Node passes headers: one character per byte.
    headers: { link: `<${Buffer.from(url).toString('latin1')}/v1/cdr_stream?x=1>; rel="next"` },
    body: [Buffer.from('{"items":[]}')],
  }),
}

describe.each(Object.entries(leads))('%s', (_, lead) => {
  test('that points elsewhere causes no request outside Webex', async () => {
    for (const url of hostileUrls('127.0.0.1:9')) {
      const asked: string[] = []
      const transport: Transport = async (request) => {
        asked.push(request.url)
        return { statusText: '', ...lead(url) }
      }
      const source = sourceOf({ baseUrl: `https://${us}/v1`, transport })
      for (let turn = 0; turn < 3; turn += 1) {
        const answer = await ask(source)
        if (answer.kind === 'page' && answer.next !== null)
          await ask(source, { kind: 'page', link: answer.next.query })
      }
      for (const address of asked) {
        const { origin, pathname } = new URL(address)
        expect([`https://${us}`, `https://${eu}`], url).toContain(origin)
        expect(address.startsWith(`${origin}/v1/cdr_stream?`), url).toBe(true)
        expect(pathname, url).toBe('/v1/cdr_stream')
      }
    }
  })
})

describe('with real sockets', () => {
  const answers: Readonly<Record<string, (url: string) => RequestListener>> = {
    'a 451': (url) => (_, response) => response.writeHead(451).end(`{"message":"should go to URL: ${url}"}`),
    'a redirect 301': (url) => (_, response) => response.writeHead(301, { location: url }).end(),
    'a redirect 302': (url) => (_, response) => response.writeHead(302, { location: url }).end(),
    'a redirect 307': (url) => (_, response) => response.writeHead(307, { location: url }).end(),
    'a redirect 308': (url) => (_, response) => response.writeHead(308, { location: url }).end(),
    'other headers': (url) => (_, response) => {
      const headers = { refresh: `0; url=${url}`, 'content-location': url, 'alt-svc': `h2="${url.slice(7)}"` }
      response
        .writeHead(200, { ...headers, link: `<${url}/v1/cdr_stream?x=1>; rel=next` })
        .end('{"items":[]}')
    },
    'early hints': (url) => (_, response) => {
      response.writeEarlyHints({ link: `<${url}/v1/cdr_stream?x=1>; rel=next` })
      response.end('{"items":[]}')
    },
  }

  test.each(Object.entries(answers))('%s does not send the token elsewhere', async (_, answer) => {
    const thief = await listenHttp((_request, response) => response.end('{"items":[]}'))
    for (const url of [`http://${thief.host}`, `http://localhost:${thief.host.split(':')[1]}`]) {
      const server = await listenHttp(answer(url))
      // Another port on the same machine counts as another host.
      const source = sourceOf({ baseUrl: `http://${server.host}/v1`, allowedHosts: [server.host] })
      for (let turn = 0; turn < 2; turn += 1) {
        const got = await ask(source)
        if (got.kind === 'page' && got.next !== null)
          await ask(source, { kind: 'page', link: got.next.query })
      }
      expect(server.received.length).toBeGreaterThanOrEqual(2)
      expect(server.received.every((request) => request.startsWith('GET /v1/cdr_stream?'))).toBe(true)
    }
    expect(thief.received).toEqual([])
  })

  test('a next link cannot inject a second request', async () => {
    const server = await listenHttp((_, response) => response.end('{"items":[]}'))
    const source = sourceOf({ baseUrl: `http://${server.host}/v1` })
    const links = [
      'x=1 HTTP/1.1\r\nHost: evil.example\r\n\r\nGET /steal',
      'x=1#@evil.example/',
      '\\..\\..\\steal',
      '@evil.example:80/',
    ]
    for (const link of links)
      expect(await ask(source, { kind: 'page', link })).toMatchObject({ kind: 'page' })
    expect(server.received).toHaveLength(links.length)
    for (const request of server.received) {
      expect(request).toMatch(/^GET \/v1\/cdr_stream\?\S* /)
      expect(request).toContain(`"host":"${server.host}"`)
    }
  })
})

test.each([
  `https://${us}.evil.example/v1`,
  `https://${us}@evil.example/v1`,
  `https://evil.example\\@${us}/v1`,
  `https://${us}./v1`,
  `https://${us}:8443/v1`,
  `http://${us}/v1`,
  'https://93.184.216.34/v1',
  'https://xn--nalytics-calling-3mk.webexapis.com/v1',
])('no source is created for %s', (baseUrl) => {
  expect(() => sourceOf({ baseUrl })).toThrow(RangeError)
})
