import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { startMs } from '../../test/support/simulate.ts'
import { createSimulator, type SignInBehaviour, type SimulatorOptions } from '../index.ts'

const signIn = { clientId: 'client', clientSecret: 'client-secret', refreshToken: 'R0' }
const hourMs = 3_600_000

function signingIn(behaviour: Partial<SignInBehaviour> = {}, more: Partial<SimulatorOptions> = {}) {
  const clock = { ms: startMs, nowMs: () => clock.ms }
  const simulator = createSimulator({
    seed: 3,
    clock,
    orgs: [
      { name: 'acme', signIn, recordsPerMinute: 0 },
      { name: 'fixed', token: 'fixed-token', recordsPerMinute: 0 },
    ],
    signIn: behaviour,
    ...more,
  })
  const post = (fields: Record<string, string>) => {
    const answer = simulator.handle({
      method: 'POST',
      url: '/v1/access_token',
      headers: {},
      body: new URLSearchParams({
        client_id: 'client',
        client_secret: 'client-secret',
        ...fields,
      }).toString(),
    })
    return { ...answer, json: () => JSON.parse(answer.body) }
  }
  const refresh = (refreshToken: string, fields = {}) =>
    post({ grant_type: 'refresh_token', refresh_token: refreshToken, ...fields })
  const query = 'startTime=2026-09-24T07:00:00.000Z&endTime=2026-09-24T07:30:00.000Z'
  const statusOf = (token: string) =>
    simulator.handle({
      method: 'GET',
      url: `/v1/cdr_stream?${query}`,
      headers: { authorization: `Bearer ${token}` },
    }).status
  return { clock, simulator, post, refresh, statusOf }
}

describe('an access token', () => {
  it('can read its org until it expires, while fixed tokens never expire', () => {
    const { clock, refresh, statusOf } = signingIn({ accessTokenMs: hourMs })
    const { access_token, expires_in } = refresh('R0').json()
    expect(expires_in).toBe(3_600)
    expect([statusOf(access_token), statusOf('fixed-token'), statusOf('R0')]).toEqual([200, 200, 401])
    clock.ms += hourMs
    expect(statusOf(access_token)).toBe(401)
  })

  it('can be revoked before it expires', () => {
    const { simulator, refresh, statusOf } = signingIn()
    const { access_token } = refresh('R0').json()
    simulator.endTokens('acme', 'access-tokens')
    expect([statusOf(access_token), refresh('R0').status]).toEqual([401, 200])
    simulator.endTokens('acme', 'refresh-tokens')
    expect(refresh('R0').status).toBe(400)
  })
})

describe('rotation', () => {
  it('off → the refresh token stays the same, and each use extends its lifetime', () => {
    const { clock, refresh } = signingIn({ refreshTokenMs: 2 * hourMs })
    for (let use = 0; use < 3; use += 1) {
      expect(refresh('R0').json()).toMatchObject({ refresh_token: 'R0', refresh_token_expires_in: 7_200 })
      clock.ms += hourMs
    }
    clock.ms += hourMs
    expect(refresh('R0').json()).toMatchObject({ error: 'invalid_grant' })
  })

  it('honoured → the old refresh token stays valid until the API has seen the new access token', () => {
    const { refresh, statusOf } = signingIn({ rotation: 'honoured' })
    const lost = refresh('R0').json()
    const kept = refresh('R0').json()
    expect(new Set(['R0', lost.refresh_token, kept.refresh_token]).size).toBe(3)
    statusOf(kept.access_token)
    expect(['R0', lost.refresh_token, kept.refresh_token].map((token) => refresh(token).status)).toEqual([
      400, 400, 200,
    ])
  })

  it('at-once → the old refresh token becomes invalid as soon as it is used', () => {
    const { refresh } = signingIn({ rotation: 'at-once' })
    const { refresh_token } = refresh('R0').json()
    expect([refresh('R0').status, refresh(refresh_token).status]).toEqual([400, 200])
  })
})

describe('a token request', () => {
  it.each([
    ['grant', 400, 'invalid_grant'],
    ['client', 401, 'invalid_client'],
    ['authorization', 403, undefined],
  ] as const)('can be refused because of its %s until the refusal is lifted', (reason, status, error) => {
    const { simulator, refresh } = signingIn()
    simulator.refuseSignIn('acme', reason)
    expect([refresh('R0').status, refresh('R0').json().error]).toEqual([status, error])
    simulator.refuseSignIn('acme', 'none')
    expect(refresh('R0').status).toBe(200)
  })

  it('is refused for a wrong client, a wrong token or an unknown grant type', () => {
    const { refresh, post } = signingIn()
    expect(refresh('R0', { client_secret: 'wrong' }).status).toBe(401)
    expect(refresh('wrong').json().error).toBe('invalid_grant')
    expect(post({ grant_type: 'password' }).json().error).toBe('unsupported_grant_type')
  })
})

it('one client can act for two orgs, distinguished by the refresh token', () => {
  const other = { name: 'other', signIn: { ...signIn, refreshToken: 'R1' }, recordsPerMinute: 0 }
  const orgs = [{ name: 'acme', signIn, recordsPerMinute: 0 }, other]
  const { simulator, refresh } = signingIn({}, { orgs })
  for (const token of ['R1', 'R0', 'nobody’s']) refresh(token)
  expect(simulator.ledger.tokenRequests.map(({ org, status }) => [org, status])).toEqual([
    ['other', 200],
    ['acme', 200],
    ['acme', 400],
  ])
})

it("the ledger shows how many of an org's refreshes were in progress at once", () => {
  const { simulator, refresh } = signingIn()
  const first = refresh('R0')
  refresh('R0').ended?.()
  first.ended?.()
  refresh('R0')
  expect(simulator.ledger.tokenRequests.map(({ atOnce }) => atOnce)).toEqual([1, 2, 1])
})

it('a fault uses up the refresh token only if it occurs after tokens were issued', () => {
  const { simulator, refresh } = signingIn({ rotation: 'at-once' })
  simulator.failNextSignIn('server-error', 'limited', 'drop', 'hang', 'html', 'huge', 'incomplete', 'lost')
  const faults = Array.from({ length: 8 }, () => refresh('R0'))
  expect(faults.map(({ fault }) => fault)).toEqual([
    ...[undefined, undefined, 'drop', 'hang', undefined, undefined, undefined, 'drop'],
  ])
  expect(faults[1]?.headers).toHaveProperty('retry-after')
  expect(refresh('R0').status).toBe(400)
})

describe('an authorization code', () => {
  const redirectUri = 'http://127.0.0.1:1234/done'
  const challenge = createHash('sha256').update('verifier').digest('base64url')

  function codeOf({ simulator }: Pick<ReturnType<typeof signingIn>, 'simulator'>): string {
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: 'client',
      redirect_uri: redirectUri,
      state: 'state',
      code_challenge: challenge,
      code_challenge_method: 'S256',
    })
    const { status, headers } = simulator.handle({
      method: 'GET',
      url: `/v1/authorize?${query}`,
      headers: {},
    })
    const location = new URL(headers.location ?? '')
    expect([status, location.origin, location.searchParams.get('state')]).toEqual([
      302,
      'http://127.0.0.1:1234',
      'state',
    ])
    return location.searchParams.get('code') ?? ''
  }

  const grant = { grant_type: 'authorization_code', redirect_uri: redirectUri, code_verifier: 'verifier' }

  it('can be exchanged once', () => {
    const world = signingIn()
    const code = codeOf(world)
    const { access_token, refresh_token, scope } = world.post({ ...grant, code }).json()
    expect(scope).toBe('spark-admin:calling_cdr_read')
    expect([world.statusOf(access_token), world.refresh(refresh_token).status]).toEqual([200, 200])
    expect(world.post({ ...grant, code }).status).toBe(400)
  })

  it.each([{ code_verifier: 'another' }, { redirect_uri: 'http://127.0.0.1:1/' }])(
    'cannot be exchanged by another sign-in: %j',
    (wrong) => {
      const world = signingIn()
      expect(world.post({ ...grant, code: codeOf(world), ...wrong }).json().error).toBe('invalid_grant')
    },
  )

  it('cannot be exchanged after five minutes', () => {
    const world = signingIn()
    const code = codeOf(world)
    world.clock.ms += 300_000
    expect(world.post({ ...grant, code }).status).toBe(400)
  })
})
