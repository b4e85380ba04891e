import { createWords } from '@cdrstream/core/words'
import { describe, expect, test } from 'vitest'
import { classifyTokenAnswer, type TokenReply } from './classify-token-answer.ts'
import { readLifeMs } from './read-life.ts'

const words = createWords(['canary-client', 'canary-refresh'])

function classify(status: number, body: TokenReply['body'] | object | string, headers = {}) {
  const reply: TokenReply = {
    kind: 'answered',
    status,
    statusText: 'Status text',
    headers,
    body:
      typeof body === 'string'
        ? { kind: 'text', text: body }
        : 'kind' in body
          ? (body as TokenReply['body'])
          : { kind: 'text', text: JSON.stringify(body) },
    answeredAtMs: Date.UTC(2026, 8, 24, 12),
  }
  return classifyTokenAnswer(reply, 'refresh-token-refused', words)
}

describe('a 200', () => {
  test('with all known fields issues tokens', () => {
    const body = {
      access_token: 'A',
      expires_in: 1_209_600,
      refresh_token: 'R',
      refresh_token_expires_in: 7_776_000,
      scope: 'spark:kms spark-admin:calling_cdr_read',
    }
    expect(classify(200, body)).toEqual({
      kind: 'issued',
      accessToken: 'A',
      refreshToken: 'R',
      accessLifeMs: 1_209_600_000,
      refreshLifeMs: 7_776_000_000,
      scopes: ['spark:kms', 'spark-admin:calling_cdr_read'],
    })
  })

  test('with only an access token issues it', () => {
    expect(classify(200, { access_token: 'A' })).toEqual({
      kind: 'issued',
      accessToken: 'A',
      refreshToken: null,
      accessLifeMs: null,
      refreshLifeMs: null,
      scopes: null,
    })
  })

  test.each([null, '', 7, [], 'with a space', 'line\nbreak', 'ümlaut', 'x'.repeat(20_000)])(
    'with an invalid refresh token keeps the previous one: %j',
    (refresh_token) => {
      expect(classify(200, { access_token: 'A', refresh_token })).toMatchObject({ refreshToken: null })
    },
  )

  test.each([
    ...['', '{}', '[]', 'null', '"A"', '{"access_token":""}', '{"access_token":1}', '{"access_token":"a b"}'],
    ...[
      '{"access_token":"a\\r\\nx: y"}',
      '<html>Sign in</html>',
      '{"access_token":"canary',
      '{"error":"invalid_grant"}',
    ],
  ])('without an access token is malformed, and its content is not included: %j', (text) => {
    const outcome = classify(200, text)
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'malformed', status: 200 })
    expect(JSON.stringify(outcome)).not.toContain('canary')
  })
})

test.each([
  [1_209_600, 1_209_600_000],
  ['1209600', 1_209_600_000],
  [0.5, 500],
])('a lifetime of %j seconds is %j ms', (seconds, ms) => {
  expect(readLifeMs(seconds)).toBe(ms)
})

test.each([
  ...[0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e300, 1e10],
  ...['', 'soon', '1e9', null, undefined, true, [5], {}],
])('a lifetime of %j is ignored', (seconds) => {
  expect(readLifeMs(seconds)).toBeNull()
})

describe('a permanent refusal', () => {
  test.each([
    [400, { error: 'invalid_grant' }, 'refresh-token-refused'],
    [400, { message: 'Invalid refresh token', errors: [] }, 'refresh-token-refused'],
    [400, '', 'refresh-token-refused'],
    [400, '{"error":', 'refresh-token-refused'],
    [400, { error: 'invalid_client' }, 'client-refused'],
    [400, { error: 'unsupported_grant_type' }, 'token-url-refused'],
    [401, { error: 'invalid_client' }, 'client-refused'],
    [401, { error: 'invalid_grant' }, 'refresh-token-refused'],
    [401, 'Unauthorized', 'client-refused'],
    [403, { message: 'Not authorized' }, 'app-not-authorized'],
    [400, { error: 'access_denied' }, 'app-not-authorized'],
    [404, '<html>Not found</html>', 'token-url-refused'],
    [405, {}, 'token-url-refused'],
    [410, '', 'token-url-refused'],
  ])('is recognized: %i with the body %j is %s', (status, body, code) => {
    expect(classify(status, body)).toMatchObject({ kind: 'refused', code, status })
  })
})

describe('a temporary failure', () => {
  test.each([
    [500, {}, 'unavailable'],
    [502, '<html>Bad Gateway</html>', 'unavailable'],
    [503, '', 'unavailable'],
    [429, {}, 'unavailable'],
    [408, {}, 'unavailable'],
    [407, {}, 'unavailable'],
    [418, {}, 'unavailable'],
    // Redirects are not followed, because they could send the secrets anywhere.
    [302, '', 'unavailable'],
    // From a proxy, not from the token endpoint.
    [400, '<html>Bad Request</html>', 'unavailable'],
    [403, ' <!doctype html>', 'unavailable'],
    [400, { kind: 'fault', reason: 'malformed', detail: 'cut' }, 'malformed'],
    [401, { kind: 'fault', reason: 'too-large', detail: 'large' }, 'too-large'],
    [200, { kind: 'fault', reason: 'timeout', detail: 'late' }, 'timeout'],
  ] as const)('is recognized: %i with the body %j is %s', (status, body, reason) => {
    expect(classify(status, body)).toMatchObject({ kind: 'failed', reason, status, retryAfterMs: null })
  })

  test('has the wait from Retry-After, in seconds or as a date', () => {
    expect(classify(503, '', { 'retry-after': '7' })).toMatchObject({ retryAfterMs: 7_000 })
    const date = 'Thu, 24 Sep 2026 12:01:00 GMT'
    expect(classify(429, '', { 'retry-after': date })).toMatchObject({ retryAfterMs: 60_000 })
    expect(classify(429, '', { 'retry-after': '-1' })).toMatchObject({ retryAfterMs: null })
  })
})

test.each([
  [{ error_description: 'Said so', message: 'less' }, 'Said so'],
  [{ message: 'Said so' }, 'Said so'],
  [{ errors: [{ description: 'Said so' }] }, 'Said so'],
  [{ error_description: 'no canary-refresh' }, 'no [secret]'],
  [{ error_description: 7 }, 'Status text'],
])('the detail is the server’s own message: %j', (body, detail) => {
  for (const status of [400, 500]) expect(classify(status, body)).toMatchObject({ detail })
})
