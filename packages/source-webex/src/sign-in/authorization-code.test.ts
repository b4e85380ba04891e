import { ProcessClock } from '@cdrstream-internal/virtual-time'
import { describe, expect, test } from 'vitest'
import { dayMs, secret, signIn, signInWorld, startMs, tokenPath } from '../../test/support/sign-in-world.ts'
import { authorizationUrl, createCodeVerifier, exchangeCode, storedSignIn } from './authorization-code.ts'
import { createTokenFile } from './token-file.ts'

const never = new AbortController().signal
const redirectUri = 'http://127.0.0.1:4000/signed-in'

test('the authorization URL has all parameters of a sign-in', () => {
  const { challenge, verifier } = createCodeVerifier((bytes) => Buffer.alloc(bytes))
  // RFC 7636: 43 to 128 characters, none of which needs encoding.
  expect(verifier).toMatch(/^[A-Za-z0-9_-]{43}$/)
  const url = new URL(authorizationUrl({ clientId: 'client', redirectUri, state: 'state & more', challenge }))
  expect(`${url.origin}${url.pathname}`).toBe('https://webexapis.com/v1/authorize')
  expect(Object.fromEntries(url.searchParams)).toEqual({
    response_type: 'code',
    client_id: 'client',
    redirect_uri: redirectUri,
    scope: 'spark-admin:calling_cdr_read',
    state: 'state & more',
    code_challenge: challenge,
    code_challenge_method: 'S256',
  })
})

test('every code verifier is different', () => {
  expect(createCodeVerifier().verifier).not.toBe(createCodeVerifier().verifier)
})

describe('the code of a login', () => {
  const { challenge, verifier } = createCodeVerifier()

  function login(scope: string | null = 'spark-admin:calling_cdr_read') {
    const world = signInWorld({ behaviour: { scope, rotation: 'at-once' } })
    const url = new URL(authorizationUrl({ clientId: signIn.clientId, redirectUri, state: 's', challenge }))
    const { headers } = world.simulator.handle({
      method: 'GET',
      url: `${url.pathname}${url.search}`,
      headers: {},
    })
    const code = new URL(headers.location ?? '').searchParams.get('code') ?? ''
    const exchange = (more = {}, clientSecret = signIn.clientSecret) =>
      world.run(() =>
        exchangeCode(
          { code, verifier, redirectUri, ...more },
          {
            clientId: signIn.clientId,
            clientSecret: secret(clientSecret),
            clock: new ProcessClock(world.time, () => false),
            transport: world.transport,
          },
          never,
        ),
      )
    return { world, exchange }
  }

  test('is exchanged for tokens, from which a sign-in continues', async () => {
    const { world, exchange } = login()
    const tokens = await exchange()
    if (tokens.kind !== 'issued') throw new Error(tokens.kind)
    expect(await world.run(() => world.statusOf(tokens.accessToken))).toBe(400)
    const stored = storedSignIn(tokens, secret(signIn.refreshToken))
    expect(stored).toMatchObject({ renewedAtMs: startMs, refreshTokenEndsAtMs: startMs + 90 * dayMs })
    await createTokenFile(tokenPath, world.files).save(stored)
    world.simulator.refuseSignIn('acme', 'none')
    expect((await world.run(() => world.start().accessToken(never))).kind).toBe('token')
  })

  test.each([
    ['spark:people_read spark:kms', { kind: 'refused', code: 'scope-missing' }],
    ['', { kind: 'refused', code: 'scope-missing' }],
    // The server named no scopes, so the first request shows whether they suffice.
    [null, { kind: 'issued', scopes: null }],
  ])('is checked for its scopes: %j', async (scope, expected) => {
    expect(await login(scope).exchange()).toMatchObject(expected)
  })

  test.each([
    [{ code: 'another' }, 'code-refused'],
    [{ verifier: 'another' }, 'code-refused'],
    [{ redirectUri: 'http://127.0.0.1:1/' }, 'code-refused'],
  ])('is refused if it belongs to another login: %j', async (wrong, code) => {
    expect(await login().exchange(wrong)).toMatchObject({ kind: 'refused', code })
  })

  test('is refused for a wrong client, and can be exchanged again after an outage', async () => {
    expect(await login().exchange({}, 'wrong')).toMatchObject({ kind: 'refused', code: 'client-refused' })
    const { world, exchange } = login()
    world.simulator.failNextSignIn('server-error')
    expect(await exchange()).toMatchObject({ kind: 'failed', reason: 'unavailable' })
    expect((await exchange()).kind).toBe('issued')
  })
})
