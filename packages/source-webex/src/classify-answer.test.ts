import { describe, expect, test } from 'vitest'
import { classifyAnswer, type Reply } from './classify-answer.ts'

const token = 'canary-token'
const answeredAtMs = Date.UTC(2026, 8, 24, 12)

function classify(change: Partial<Reply>) {
  return classifyAnswer(
    {
      status: 200,
      statusText: '',
      headers: {},
      body: { kind: 'text', text: '' },
      answeredAtMs,
      sentTrackingId: 'sent',
      ...change,
    },
    token,
  )
}

function errorBody(body: unknown): Reply['body'] {
  return { kind: 'text', text: JSON.stringify(body) }
}

const noRecords = 'No CDRs for requested time range and filters'
const items = [{ text: '{}', value: {} }]

describe('pages', () => {
  test('200 is a page of its items, the last one without a Link header', () => {
    expect(classify({ body: { kind: 'items', items } })).toEqual({
      kind: 'page',
      answeredAtMs,
      serverDateMs: null,
      trackingId: 'sent',
      items,
      next: null,
    })
  })

  test('the Link header says what comes next, also of an empty page', () => {
    const headers = { link: ['<https://h/?x=1>; rel="next"'] }
    const next = { query: 'x=1', resumeMs: null, totalCount: null }
    expect(classify({ headers, body: { kind: 'items', items: [] } })).toMatchObject({ items: [], next })
    expect(classify({ headers, status: 204 })).toMatchObject({ kind: 'page', items: [], next })
  })

  test('a Link header that is not understood is never the last page', () => {
    expect(classify({ headers: { link: '<<x' }, body: { kind: 'items', items } })).toMatchObject({
      kind: 'failed',
      reason: 'malformed',
      answeredAtMs,
    })
  })

  test.each(['timeout', 'malformed', 'too-large', 'unreachable'] as const)(
    '200 with a body that is missing (%s) failed, and was answered',
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
  ])('404 with the known words is an empty page: %j', (body) => {
    expect(classify({ status: 404, body: errorBody(body) })).toMatchObject({
      kind: 'page',
      items: [],
      next: null,
    })
  })
})

describe('refusals', () => {
  test.each([
    [302, 'other'],
    [304, 'other'],
    [400, 'window'],
    [401, 'token'],
    [403, 'permission'],
    [405, 'other'],
    [410, 'other'],
    [415, 'other'],
    [451, 'region'],
  ] as const)('%i is refused: %s', (status, reason) => {
    expect(classify({ status, body: errorBody({ message: 'Said so' }) })).toEqual({
      kind: 'refused',
      answeredAtMs,
      serverDateMs: null,
      trackingId: 'sent',
      status,
      reason,
      detail: 'Said so',
    })
  })

  test.each([
    errorBody({ message: 'Not Found' }),
    errorBody([noRecords]),
    errorBody({ message: { text: noRecords } }),
    { kind: 'text', text: `<html>${noRecords}</html>` },
    { kind: 'text', text: '' },
    { kind: 'fault', reason: 'too-large', detail: '' },
  ] as const)('any other 404 is refused: %j', (body) => {
    expect(classify({ status: 404, body })).toMatchObject({ kind: 'refused', status: 404, reason: 'other' })
  })

  test('a 404 whose body did not come could be either, and failed', () => {
    const body = { kind: 'fault', reason: 'malformed', detail: 'cut' } as const
    expect(classify({ status: 404, body })).toMatchObject({
      kind: 'failed',
      status: 404,
      reason: 'malformed',
    })
  })

  test('451 tells the host that its body names', () => {
    const message = 'Your org should go to URL: https://analytics-calling-eu.webexapis.com'
    expect(classify({ status: 451, body: errorBody({ message }) })).toMatchObject({
      reason: 'region',
      host: 'analytics-calling-eu.webexapis.com',
    })
    expect(classify({ status: 403, body: errorBody({ message }) })).not.toHaveProperty('host')
  })

  test('other refusals than 404 stand without their body', () => {
    const body = { kind: 'fault', reason: 'timeout', detail: 'late' } as const
    expect(classify({ status: 401, statusText: 'Unauthorized', body })).toMatchObject({
      reason: 'token',
      detail: 'Unauthorized',
    })
    expect(classify({ status: 451, body })).not.toHaveProperty('host')
    expect(classify({ status: 429, body })).toMatchObject({ kind: 'limited' })
  })
})

describe('limits and failures', () => {
  test.each([
    [{}, null],
    [{ 'retry-after': '7' }, 7_000],
    [{ 'retry-after': 'soon' }, null],
    [{ 'retry-after': ['3', '9'] }, 3_000],
    // Counted from the server's own clock, whatever ours says.
    [{ 'retry-after': 'Thu, 24 Sep 2026 10:01:30 GMT', date: 'Thu, 24 Sep 2026 10:00:00 GMT' }, 90_000],
    [{ 'retry-after': 'Thu, 24 Sep 2026 12:00:05 GMT' }, 5_000],
  ])('429 with %j is limited for %j ms', (headers, retryAfterMs) => {
    expect(classify({ status: 429, headers })).toMatchObject({ kind: 'limited', retryAfterMs, answeredAtMs })
  })

  test.each([100, 201, 206, 402, 408, 409, 418, 423, 428, 500, 502, 503, 504, 599, 999])(
    '%i failed: nobody knows whether it would succeed later',
    (status) => {
      expect(classify({ status, headers: { 'retry-after': '2' }, statusText: 'Busy' })).toEqual({
        kind: 'failed',
        answeredAtMs,
        serverDateMs: null,
        trackingId: 'sent',
        status,
        reason: 'unavailable',
        retryAfterMs: 2_000,
        detail: 'Busy',
      })
    },
  )
})

describe('what comes with every answer', () => {
  test('the server’s date and tracking id', () => {
    const headers = { date: 'Thu, 24 Sep 2026 12:00:00 GMT', trackingid: 'CDR_1' }
    const common = { serverDateMs: Date.UTC(2026, 8, 24, 12), trackingId: 'CDR_1' }
    for (const status of [200, 204, 401, 429, 500])
      expect(classify({ status, headers })).toMatchObject(common)
  })

  test.each([
    [errorBody({ message: 'first', errors: [{ description: 'second' }] }), 'first'],
    [errorBody({ errors: [{ description: 'second' }] }), 'second'],
    [errorBody({ message: '', errors: [null, { description: 'third' }] }), 'third'],
    [errorBody({ message: `Bad ${token}` }), 'Bad [secret]'],
    [{ kind: 'text', text: '<html>Gateway</html>' } as const, 'Status text'],
    [errorBody('text'), 'Status text'],
    [errorBody(null), 'Status text'],
  ])('the detail is the API’s own words: %j', (body, detail) => {
    expect(classify({ status: 400, statusText: 'Status text', body })).toMatchObject({ detail })
    expect(classify({ status: 503, statusText: 'Status text', body })).toMatchObject({ detail })
  })
})
