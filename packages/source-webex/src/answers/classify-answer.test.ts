import { describe, expect, test } from 'vitest'
import { classifyAnswer } from './classify-answer.ts'
import type { Circumstances, StreamHttpReply } from './stream-reply.ts'

const token = 'canary-token'
const answeredAtMs = Date.UTC(2026, 8, 24, 12)

function classify(change: Partial<StreamHttpReply & Circumstances>) {
  const reply: StreamHttpReply & Circumstances = {
    kind: 'answered',
    status: 200,
    statusText: '',
    headers: {},
    body: { kind: 'text', text: '' },
    answeredAtMs,
    sentTrackingId: 'sent',
    ...change,
  }
  return classifyAnswer(reply, reply, token)
}

function errorBody(body: unknown): StreamHttpReply['body'] {
  return { kind: 'text', text: JSON.stringify(body) }
}

const noRecords = 'No CDRs for requested time range and filters'
const items = [{ kind: 'parsed' as const, text: '{}', bytes: Buffer.from('{}'), value: {} }]

describe('pages', () => {
  test('200 is a page with its items, and the last page if it has no Link header', () => {
    expect(classify({ body: { kind: 'items', items } })).toEqual({
      kind: 'page',
      answeredAtMs,
      serverDateMs: null,
      trackingId: 'sent',
      sentTrackingId: 'sent',
      items,
      next: null,
    })
  })

  test('the Link header points to the next page, even from an empty page', () => {
    const headers = { link: ['<https://h/?x=1>; rel="next"'] }
    const next = { query: 'x=1', resumeMs: null, totalCount: null }
    expect(classify({ headers, body: { kind: 'items', items: [] } })).toMatchObject({ items: [], next })
    expect(classify({ headers, status: 204 })).toMatchObject({ kind: 'page', items: [], next })
  })

  test('a page with an unknown Link header is never the last page', () => {
    expect(classify({ headers: { link: '<<x' }, body: { kind: 'items', items } })).toMatchObject({
      kind: 'failed',
      reason: 'malformed',
      answeredAtMs,
    })
  })

  test.each(['timeout', 'malformed', 'too-large', 'unreachable'] as const)(
    '200 with an unusable body (%s) is a failure with an arrival time',
    (reason) => {
      expect(classify({ body: { kind: 'fault', reason, detail: 'why' } })).toMatchObject({
        kind: 'failed',
        status: 200,
        reason,
        detail: 'why',
        answeredAtMs,
      })
    },
  )

  test('204 is an empty page', () => {
    expect(classify({ status: 204 })).toMatchObject({ kind: 'page', items: [], next: null })
  })

  test.each([
    { message: noRecords, errorCode: 404 },
    { message: noRecords.toUpperCase() },
    { message: 'Not found', errors: [{ description: 'x' }, { description: `Sorry: ${noRecords}.` }] },
  ])('404 with the known message is an empty page: %j', (body) => {
    expect(classify({ status: 404, body: errorBody(body) })).toMatchObject({
      kind: 'page',
      items: [],
      next: null,
    })
  })
})

describe('refusals', () => {
  test.each([
    [302, 'other', 'redirected'],
    [304, 'other', 'redirected'],
    [400, 'window', 'window-refused'],
    [403, 'permission', 'permission'],
    [405, 'other', 'request-refused'],
    [407, 'other', 'proxy-sign-in'],
    [410, 'other', 'request-refused'],
    [415, 'other', 'request-refused'],
    [451, 'region', 'region-unknown'],
  ] as const)('%i is refused: %s', (status, reason, code) => {
    expect(classify({ status, body: errorBody({ message: 'Said so' }) })).toEqual({
      kind: 'refused',
      answeredAtMs,
      serverDateMs: null,
      trackingId: 'sent',
      sentTrackingId: 'sent',
      status,
      reason,
      code,
      remedy: expect.any(String),
      detail: 'Said so',
    })
  })

  test("a 401 is final only if no other token is available, and then has the sign-in's code", () => {
    expect(classify({ status: 401 })).toMatchObject({ kind: 'failed', reason: 'token', code: 'token-ended' })
    const tokenRefused = { code: 'refresh-token-refused', remedy: 'sign in' }
    expect(classify({ status: 401, tokenRefused })).toMatchObject({
      kind: 'refused',
      reason: 'token',
      ...tokenRefused,
    })
  })

  test.each([
    errorBody({ message: 'Not Found' }),
    errorBody([noRecords]),
    errorBody({ message: { text: noRecords } }),
    { kind: 'text', text: `<html>${noRecords}</html>` },
    { kind: 'text', text: '' },
    { kind: 'fault', reason: 'too-large', detail: '' },
  ] as const)('any other 404 is trusted only at the third in a row: %j', (body) => {
    for (const notFoundInARow of [1, 2])
      expect(classify({ status: 404, body, notFoundInARow })).toMatchObject({
        kind: 'failed',
        reason: 'unavailable',
        code: 'not-found-yet',
      })
    expect(classify({ status: 404, body, notFoundInARow: 3 })).toMatchObject({
      kind: 'refused',
      status: 404,
      reason: 'other',
      code: 'not-found',
    })
  })

  test('a 404 whose body was lost is a failure, because it could mean either', () => {
    const body = { kind: 'fault', reason: 'malformed', detail: 'cut' } as const
    expect(classify({ status: 404, body })).toMatchObject({
      kind: 'failed',
      status: 404,
      reason: 'malformed',
    })
  })

  test('refusals other than 404 do not depend on their body', () => {
    const body = { kind: 'fault', reason: 'timeout', detail: 'late' } as const
    expect(classify({ status: 403, statusText: 'Forbidden', body })).toMatchObject({
      reason: 'permission',
      detail: 'Forbidden',
    })
    expect(classify({ status: 429, body })).toMatchObject({ kind: 'limited' })
  })
})

describe('a 403', () => {
  const usual =
    'The server understood the request, but refused to fulfill it because the access token is missing required scopes or the user is missing required roles or licenses.'

  test.each([
    [{ message: usual }, 'permission'],
    [{ message: 'The caller lacks the required role or scope' }, 'permission'],
    [{ message: 'Forbidden' }, 'permission'],
    [{ message: 'Missing scope spark-admin:calling_cdr_read' }, 'scope-missing'],
    [{ message: usual, errors: [{ description: 'Required scope is missing' }] }, 'scope-missing'],
    [{ message: 'User does not have the required role.' }, 'role-missing'],
    [
      { message: usual, errors: [{ description: 'Caller is not an administrator of calling' }] },
      'role-missing',
    ],
    [{ message: 'This application has not been authorized by your administrator' }, 'app-not-authorized'],
    [{ message: 'Integration is not enabled for this organization' }, 'app-not-authorized'],
  ])('with the body %j is %s', (body, code) => {
    expect(classify({ status: 403, body: errorBody(body) })).toMatchObject({
      kind: 'refused',
      reason: 'permission',
      code,
    })
  })

  test('with insufficient_scope in its WWW-Authenticate header is scope-missing', () => {
    const headers = { 'www-authenticate': 'Bearer error="insufficient_scope"' }
    expect(classify({ status: 403, headers, body: errorBody({ message: usual }) })).toMatchObject({
      code: 'scope-missing',
    })
  })

  test('with HTML does not come from the API, and is blocked', () => {
    expect(classify({ status: 403, body: { kind: 'text', text: '\n<html>role' } })).toMatchObject({
      kind: 'refused',
      reason: 'other',
      code: 'blocked',
    })
  })
})

describe('a 451', () => {
  const host = 'analytics-calling-eu.webexapis.com'

  test.each([
    ['moved', 'failed', 'region-moved'],
    ['ping-pong', 'refused', 'region-ping-pong'],
    ['fixed', 'refused', 'wrong-region'],
    ['not-allowed', 'refused', 'region-host-refused'],
  ] as const)(
    'whose region check returned %s is %s with the code %s and a remedy that names the host',
    (kind, outcome, code) => {
      const answer = classify({ status: 451, region: { kind, host } })
      expect(answer).toMatchObject({ kind: outcome, reason: 'region', code, host })
      expect(answer).toHaveProperty('remedy', expect.stringContaining(host))
      expect(answer).toHaveProperty('remedy', expect.not.stringContaining('{'))
    },
  )

  test('from the wrong region has a remedy that names the right region', () => {
    expect(classify({ status: 451, region: { kind: 'fixed', host } })).toHaveProperty(
      'remedy',
      expect.stringContaining('`region: eu`'),
    )
  })
})

describe('limits and failures', () => {
  test.each([
    [{}, null],
    [{ 'retry-after': '7' }, 7_000],
    [{ 'retry-after': 'soon' }, null],
    [{ 'retry-after': '-5' }, null],
    [{ 'retry-after': '' }, null],
    // Waits longer than the record lifetime are not trusted.
    [{ 'retry-after': '31536000' }, 86_400_000],
    [{ 'retry-after': 'Fri, 24 Sep 2027 12:00:00 GMT' }, 86_400_000],
    [{ 'retry-after': 'Thu, 24 Sep 2026 11:00:00 GMT' }, 0],
    [{ 'retry-after': ['3', '9'] }, 3_000],
    // Relative to the server's own clock, not the local one.
    [{ 'retry-after': 'Thu, 24 Sep 2026 10:01:30 GMT', date: 'Thu, 24 Sep 2026 10:00:00 GMT' }, 90_000],
    [{ 'retry-after': 'Thu, 24 Sep 2026 12:00:05 GMT' }, 5_000],
  ])('429 with the headers %j is limited for %j ms', (headers, retryAfterMs) => {
    expect(classify({ status: 429, headers })).toMatchObject({ kind: 'limited', retryAfterMs, answeredAtMs })
  })

  test.each([100, 201, 206, 402, 408, 409, 418, 423, 428, 500, 502, 503, 504, 599, 999])(
    '%i is a failure, because it may succeed later',
    (status) => {
      expect(classify({ status, headers: { 'retry-after': '2' }, statusText: 'Busy' })).toEqual({
        kind: 'failed',
        answeredAtMs,
        serverDateMs: null,
        trackingId: 'sent',
        sentTrackingId: 'sent',
        status,
        reason: 'unavailable',
        code: expect.any(String),
        remedy: expect.any(String),
        retryAfterMs: 2_000,
        detail: 'Busy',
      })
    },
  )
})

describe('every answer', () => {
  test("has the server's date and tracking id", () => {
    const headers = { date: 'Thu, 24 Sep 2026 12:00:00 GMT', trackingid: 'CDR_1' }
    const common = { serverDateMs: Date.UTC(2026, 8, 24, 12), trackingId: 'CDR_1' }
    for (const status of [200, 204, 401, 429, 500])
      expect(classify({ status, headers })).toMatchObject(common)
  })

  test.each([['Sat, 24 Sep 2016 12:00:00 GMT'], ['Tue, 24 Sep 2069 12:00:00 GMT'], ['yesterday'], ['']])(
    'ignores a date that is invalid or years off: %s',
    (date) => {
      expect(classify({ status: 400, headers: { date } })).toMatchObject({ serverDateMs: null })
    },
  )

  test("has the server's tracking id and the one that was sent", () => {
    expect(classify({ status: 500, headers: { trackingid: ['CDR_1', 'x'] } })).toMatchObject({
      trackingId: 'CDR_1',
      sentTrackingId: 'sent',
    })
  })

  test.each([
    [errorBody({ message: 'first', errors: [{ description: 'second' }] }), 'first'],
    [errorBody({ errors: [{ description: 'second' }] }), 'second'],
    [errorBody({ message: '', errors: [null, { description: 'third' }] }), 'third'],
    [errorBody({ message: `Bad ${token}` }), 'Bad [secret]'],
    [{ kind: 'text', text: '<html>Gateway</html>' } as const, 'Status text'],
    [errorBody('text'), 'Status text'],
    [errorBody(null), 'Status text'],
  ])('has the API’s own message as its detail: %j', (body, detail) => {
    expect(classify({ status: 400, statusText: 'Status text', body })).toMatchObject({ detail })
    expect(classify({ status: 503, statusText: 'Status text', body })).toMatchObject({ detail })
  })
})
