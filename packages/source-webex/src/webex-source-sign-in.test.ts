import type { SourceRequest } from '@cdrstream/engine'
import { expect, test } from 'vitest'
import { sendRequest } from '../test/support/send-request.ts'
import { createFixedSignIn, createWebexSource, type SignIn, type TransportResponse } from './index.ts'

const window: SourceRequest = { kind: 'initial', window: { fromSec: 1_000, toSec: 1_060 }, max: 5_000 }
const never = new AbortController().signal
const clock = { nowMs: () => 0, sleep: () => new Promise<void>(() => {}), yield: async () => {} }
const page = '{"items":[]}'

function sourceWith(signIn: SignIn, status: () => number) {
  let sent = 0
  const source = createWebexSource({
    baseUrl: 'https://analytics-calling.webexapis.com/v1',
    signIn,
    clock,
    transport: async (): Promise<TransportResponse> => {
      sent += 1
      return { status: status(), statusText: '', headers: {}, body: [Buffer.from(page)] }
    },
  })
  return { ask: () => sendRequest(source, window), source, sent: () => sent }
}

/** Returns a sign-in that records which tokens are reported to it. */
function recordingSignIn(change: Partial<SignIn>) {
  const reported: string[] = []
  const signIn: SignIn = {
    accessToken: async () => ({ kind: 'token', token: 'T' }),
    accepted: (token) => void reported.push(`accepted ${token}`),
    refused: (token) => void reported.push(`refused ${token}`),
    state: () => ({
      kind: 'renewing',
      accessTokenEndsAtMs: null,
      refreshTokenEndsAtMs: null,
      renewedAtMs: null,
      trouble: null,
    }),
    idle: async () => {},
    ...change,
  }
  return { signIn, reported }
}

test('only a page and a 401 are reported to the sign-in', async () => {
  const { signIn, reported } = recordingSignIn({})
  let status = 0
  const { ask } = sourceWith(signIn, () => status)
  for (status of [200, 403, 429, 500, 401]) await ask()
  expect(reported).toEqual(['accepted T', 'refused T'])
})

test('a 401 is a failure if the token can be renewed, and otherwise a refusal with code and remedy', async () => {
  const renewable = sourceWith(recordingSignIn({}).signIn, () => 401)
  expect(await renewable.ask()).toMatchObject({
    kind: 'failed',
    reason: 'token',
    status: 401,
    answeredAtMs: 0,
  })
  let status = 401
  const fixed = sourceWith(createFixedSignIn({ reveal: () => 'T' }, clock), () => status)
  expect(await fixed.ask()).toMatchObject({ kind: 'refused', reason: 'token', code: 'access-token-refused' })
  status = 200
  expect((await fixed.ask()).kind).toBe('page')
  status = 401
  expect(await fixed.ask()).toMatchObject({
    kind: 'refused',
    code: 'personal-token-ended',
    remedy: expect.stringContaining('12 hours'),
  })
})

test.each([
  [
    { kind: 'refused', code: 'client-refused', remedy: 'fix it', status: 401, detail: 'no' } as const,
    { kind: 'refused', reason: 'token', code: 'client-refused', remedy: 'fix it', status: 401 },
  ],
  [
    { kind: 'failed', reason: 'timeout', status: null, retryAfterMs: 7_000, detail: 'late' } as const,
    { kind: 'failed', reason: 'sign-in', status: null, retryAfterMs: 7_000 },
  ],
])('without a token, no request is sent: %j', async (outcome, expected) => {
  const { source, ask, sent } = sourceWith(
    recordingSignIn({ accessToken: async () => outcome }).signIn,
    () => 200,
  )
  const answer = { ...expected, answeredAtMs: null, trackingId: null, detail: outcome.detail }
  expect(await source.prepare(never)).toEqual({ ...answer, serverDateMs: null })
  expect(await ask()).toMatchObject(answer)
  expect(sent()).toBe(0)
})

test('with a token, the request is ready to be sent', async () => {
  expect(await sourceWith(recordingSignIn({}).signIn, () => 200).source.prepare(never)).toMatchObject({
    kind: 'ready',
  })
})
