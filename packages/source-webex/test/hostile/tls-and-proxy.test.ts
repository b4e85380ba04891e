import type { RequestListener } from 'node:http'
import type { Answer } from '@cdrstream/engine'
import { makeCertificate } from '@cdrstream-internal/certificates'
import { describe, expect, test } from 'vitest'
import { createFixedSignIn } from '../../src/sign-in/fixed-sign-in.ts'
import { createRenewingSignIn } from '../../src/sign-in/renewing-sign-in.ts'
import type { TokenStore } from '../../src/sign-in/token-store.ts'
import { createUndiciTransport, type UndiciTransportOptions } from '../../src/undici-transport.ts'
import { createWebexSource } from '../../src/webex-source.ts'
import { type Listener, listenHttp, listenProxy, listenTcp } from '../support/listeners.ts'
import { realClock } from '../support/real-clock.ts'
import { sendRequest } from '../support/send-request.ts'

const token = 'canary-token'
const cisco = 'analytics-calling.webexapis.com'
const dayMs = 86_400_000
const authority = await makeCertificate({ name: 'company', isAuthority: true })
const stranger = await makeCertificate({ name: 'company', isAuthority: true })
const loopback = ['127.0.0.1', 'localhost']
const server = { name: 'server', hosts: [...loopback, cisco, 'webexapis.com'], signedBy: authority }
const good = await makeCertificate(server)

const page: RequestListener = (_, response) => response.end('{"items":[]}')

function ask(baseUrl: string, options: UndiciTransportOptions = {}): Promise<Answer> {
  const source = createWebexSource({
    baseUrl,
    signIn: createFixedSignIn({ reveal: () => token }, realClock),
    clock: realClock,
    transport: createUndiciTransport(options),
    timeouts: { headersMs: 10_000, bodyMs: 10_000 },
  })
  const window = { fromSec: 0, toSec: 60 }
  return sendRequest(source, { kind: 'initial', window, max: 1 })
}

/** An IP address is not a server name for TLS. */
function portOf({ host }: Listener): string {
  return host.split(':')[1] ?? ''
}

function tokenIn(...listeners: readonly Listener[]): boolean {
  return listeners.some(({ received }) => received.join().includes(token))
}

describe('a server’s certificate', () => {
  test('is accepted if webex.ca contains its CA certificate', async () => {
    const { host } = await listenHttp(page, good)
    const other = await makeCertificate({ name: 'other company', isAuthority: true })
    const ca = `# of the company\n${other.certificate}${authority.certificate}`
    expect(await ask(`https://${host}/v1`, { ca })).toMatchObject({ kind: 'page' })
  })

  test.each([
    ['of an unknown CA', server, undefined, 'certificate-untrusted'],
    ['of another CA with the same name', server, stranger.certificate, 'certificate-untrusted'],
    ['self-signed', { name: 'self', hosts: loopback }, undefined, 'certificate-untrusted'],
    [
      'for a different name',
      { name: cisco, hosts: [cisco], signedBy: authority },
      authority.certificate,
      'certificate-of-another',
    ],
    [
      'with only the right common name',
      { name: '127.0.0.1', signedBy: authority },
      authority.certificate,
      'certificate-of-another',
    ],
    [
      'that has expired',
      { name: 's', hosts: loopback, signedBy: authority, toMs: Date.now() - 3_600_000 },
      authority.certificate,
      'certificate-expired',
    ],
    [
      'that is not valid yet',
      {
        name: 's',
        hosts: loopback,
        signedBy: authority,
        fromMs: Date.now() + dayMs,
        toMs: Date.now() + 2 * dayMs,
      },
      authority.certificate,
      'certificate-expired',
    ],
  ])('%s is refused before the token is sent', async (_, options, ca, code) => {
    const server = await listenHttp(page, await makeCertificate(options))
    expect(await ask(`https://${server.host}/v1`, ca === undefined ? {} : { ca })).toMatchObject({
      kind: 'failed',
      reason: 'unreachable',
      code,
    })
    expect(server.received).toEqual([])
  })

  test('is required, so a server without TLS gets no token', async () => {
    const server = await listenTcp(() => {})
    const cut = await listenTcp((socket) => socket.destroy())
    const plain = await listenHttp(page)
    expect(await ask(`https://${plain.host}/v1`)).toMatchObject({ kind: 'failed', code: 'unreachable' })
    expect(await ask(`https://${cut.host}/v1`)).toMatchObject({ kind: 'failed', code: 'unreachable' })
    expect(tokenIn(server, plain)).toBe(false)
  })
})

describe('a proxy', () => {
  test('receives the host name and its own credentials, but neither the token nor the request', async () => {
    const server = await listenHttp(page, good)
    const proxy = await listenProxy(() => server.host)
    const options = { httpsProxy: `http://me:secret@${proxy.host}`, ca: authority.certificate }
    expect(await ask(`https://${cisco}/v1`, options)).toMatchObject({ kind: 'page' })
    expect(proxy.received).toHaveLength(1)
    expect(proxy.received[0]).toContain(`CONNECT ${cisco}:443 `)
    expect(proxy.received[0]).toContain(`Basic ${Buffer.from('me:secret').toString('base64')}`)
    expect(tokenIn(proxy)).toBe(false)
    expect(server.received[0]).toContain(token)
    expect(server.received[0]).not.toContain('proxy-authorization')
  })

  test('can use TLS with a CA from webex.ca, or be configured without a scheme', async () => {
    const server = await listenHttp(page, good)
    const secure = await listenProxy(() => server.host, good)
    const plain = await listenProxy(() => server.host)
    const ca = authority.certificate
    for (const httpsProxy of [`https://localhost:${portOf(secure)}`, plain.host])
      expect(await ask(`https://${cisco}/v1`, { httpsProxy, ca })).toMatchObject({ kind: 'page' })
    expect(
      await ask(`https://${cisco}/v1`, { httpsProxy: `https://localhost:${portOf(secure)}` }),
    ).toMatchObject({
      code: 'certificate-untrusted',
    })
  })

  test('that answers in place of Webex is detected by its certificate', async () => {
    const thief = await listenHttp(
      page,
      await makeCertificate({ name: 'x', hosts: ['thief.example', ...loopback], signedBy: authority }),
    )
    const proxy = await listenProxy(() => thief.host)
    const options = { httpsProxy: `http://${proxy.host}`, ca: authority.certificate }
    expect(await ask(`https://${cisco}/v1`, options)).toMatchObject({ code: 'certificate-of-another' })
    const alone = { httpsProxy: `http://${proxy.host}` }
    expect(await ask(`https://${cisco}/v1`, alone)).toMatchObject({ code: 'certificate-untrusted' })
    expect(thief.received).toEqual([])
  })

  test.each([403, 407, 502])(
    'that refuses the connection with %i is reported as proxy-refused',
    async (status) => {
      const proxy = await listenProxy(() => status)
      const answer = await ask(`https://${cisco}/v1`, { httpsProxy: `http://me:secret@${proxy.host}` })
      expect(answer).toMatchObject({ kind: 'failed', reason: 'unreachable', code: 'proxy-refused' })
      expect(JSON.stringify(answer)).not.toContain('secret')
    },
  )

  test('is not used for hosts in NO_PROXY, or without TLS', async () => {
    const secure = await listenHttp(page, good)
    const plain = await listenHttp(page)
    const proxy = await listenProxy(() => 500)
    const options = { httpsProxy: `http://${proxy.host}`, ca: authority.certificate }
    const noProxy = `.internal, ${secure.host}`
    expect(await ask(`https://${secure.host}/v1`, { ...options, noProxy })).toMatchObject({ kind: 'page' })
    expect(await ask(`http://${plain.host}/v1`, options)).toMatchObject({ kind: 'page' })
    expect(proxy.received).toEqual([])
  })

  test('is also used for the token endpoint', async () => {
    const server = await listenHttp(
      (_, response) => response.end('{"access_token":"canary-token","expires_in":1000}'),
      good,
    )
    const proxy = await listenProxy(() => server.host)
    const store: TokenStore = { load: async () => ({ kind: 'nothing' }), save: async () => {} }
    const signIn = createRenewingSignIn({
      clientId: 'id',
      clientSecret: { reveal: () => 'canary-client' },
      refreshToken: { reveal: () => 'canary-refresh' },
      store,
      clock: realClock,
      transport: createUndiciTransport({
        httpsProxy: `http://${proxy.host}`,
        ca: authority.certificate,
      }),
    })
    expect(await signIn.accessToken(new AbortController().signal)).toMatchObject({ kind: 'token', token })
    expect(proxy.received.join()).toContain('CONNECT webexapis.com:443 ')
    expect(proxy.received.join()).not.toContain('canary')
  })

  test.each(['http://', 'ftp://proxy:1', 'http://me:canary@:x', 'proxy:port'])(
    'that is not a valid address is reported without its password: %s',
    (httpsProxy) => {
      expect(() => createUndiciTransport({ httpsProxy })).toThrow(RangeError)
      try {
        createUndiciTransport({ httpsProxy })
      } catch (error) {
        expect(`${error}${JSON.stringify(error)}`).not.toContain('canary')
      }
    },
  )
})
