import { describe, expect, it } from 'vitest'
import { iso, minuteMs, quiet, simulate, startMs } from '../test/support/simulate.ts'
import { type Behaviour, documentedTerms, type SimulatorOptions } from './index.ts'

/** A simulator with the documented terms, and requests that are valid but may come too soon. */
function limited(behaviour: Partial<Behaviour> = {}, options: Partial<SimulatorOptions> = {}) {
  const simulation = simulate({ ...quiet, terms: documentedTerms, behaviour, ...options })
  const { clock, ask, get } = simulation
  const window = () => [clock.ms - 10 * minuteMs, clock.ms - 2 * minuteMs] as const
  return {
    ...simulation,
    initial: (token?: string) =>
      get(`/v1/cdr_stream?startTime=${iso(window()[0])}&endTime=${iso(window()[1])}`, token),
    page: () => ask(...window(), '&totalCount=1&orgId=x'),
  }
}

describe('the rate limit', () => {
  it('allows one initial request per minute, and restarts the wait if refused requests count', () => {
    const { clock, initial } = limited()
    expect(initial().status).toBe(200)
    clock.ms += minuteMs - 1
    const refused = initial()
    expect(refused.status).toBe(429)
    expect(refused.headers['retry-after']).toBe('60')
    clock.ms += minuteMs - 1
    expect(initial().status).toBe(429)
    clock.ms += minuteMs
    expect(initial().status).toBe(200)
  })

  it('does not restart the wait if refused requests do not count', () => {
    const { clock, initial } = limited({ refusedCount: false })
    expect(initial().status).toBe(200)
    clock.ms += minuteMs - 1_500
    expect(initial().headers['retry-after']).toBe('2')
    clock.ms += 1_500
    expect(initial().status).toBe(200)
  })

  it('also allows ten further pages per minute', () => {
    const { clock, initial, page } = limited()
    expect(initial().status).toBe(200)
    const statuses = Array.from({ length: 11 }, () => page().status)
    expect(statuses).toEqual([...Array(10).fill(200), 429])
    clock.ms += minuteMs
    expect(page().status).toBe(200)
  })

  it.each([
    ['fixed-minute', 59_000, 2_000],
    ['token-bucket', 60_000, 1_000],
  ] as const)('can be a %s', (rateLimit, afterMs, moreMs) => {
    const { clock, initial } = limited({ rateLimit, refusedCount: false })
    clock.ms += 1_000
    expect(initial().status).toBe(200)
    clock.ms += afterMs - 1_000
    expect(initial().status).toBe(429)
    clock.ms += moreMs
    expect(initial().status).toBe(200)
  })

  it('allows two requests within two seconds if it is a fixed minute', () => {
    const { clock, initial } = limited({ rateLimit: 'fixed-minute' })
    clock.ms += minuteMs - 1_000
    expect(initial().status).toBe(200)
    clock.ms += 1_000
    expect(initial().status).toBe(200)
  })

  it.each([
    ['present', '60'],
    ['small', '1'],
    ['missing', undefined],
  ] as const)('can send a Retry-After that is %s', (retryAfter, expected) => {
    const { initial } = limited({ retryAfter })
    initial()
    expect(initial().headers['retry-after']).toBe(expected)
  })

  it('applies to a credential, which orgs can share, and is not reset by a new token', () => {
    const org = (name: string, credential: string) => ({
      name,
      token: `token-of-${name}`,
      credential,
      recordsPerMinute: 0,
    })
    const { simulator, initial } = limited(
      {},
      { orgs: [org('a', 'one'), org('b', 'one'), org('c', 'other')] },
    )
    expect(['a', 'b', 'c'].map((name) => initial(`token-of-${name}`).status)).toEqual([200, 429, 200])
    simulator.changeToken('a', 'new-token')
    expect(initial('new-token').status).toBe(429)
  })

  it('counts requests that failed or were never answered', () => {
    for (const fault of ['server-error', 'drop', 'hang', 'cut-headers', 'limited'] as const) {
      const { simulator, initial } = limited()
      simulator.failNext(fault)
      initial()
      expect([fault, initial().status]).toEqual([fault, 429])
    }
  })
})

describe('violations of the rate limit', () => {
  it('are requests that exceed the limit over the preceding minute, regardless of their response', () => {
    const { clock, simulator, initial, page } = limited({ rateLimit: 'fixed-minute', refusedCount: false })
    clock.ms += minuteMs - 1_000
    initial()
    clock.ms += 1_000
    expect(initial().status).toBe(200)
    expect(simulator.rateViolations()).toEqual([{ kind: 'initial', credential: 'secret', atMs: clock.ms }])
    for (let count = 0; count < 12; count += 1) page()
    expect(simulator.rateViolations().filter(({ kind }) => kind === 'page')).toHaveLength(2)
  })

  it('do not occur if requests are a full minute apart', () => {
    const { clock, simulator, initial } = limited()
    for (let count = 0; count < 5; count += 1) {
      initial()
      clock.ms += minuteMs
    }
    expect(simulator.rateViolations()).toEqual([])
    expect(simulator.ledger.requests).toHaveLength(5)
  })
})

describe('refused requests', () => {
  const at = [startMs - 10 * minuteMs, startMs - 5 * minuteMs] as const

  it("have the API's status and body", () => {
    const { simulator, ask } = simulate(quiet)
    const refusedBecause = (reason: 'token' | 'permission' | 'region') => {
      simulator.refuse('acme', reason)
      const { status, body } = ask(...at)
      const parsed = JSON.parse(body)
      expect(parsed).toEqual({
        message: expect.any(String),
        errors: [{ description: parsed.message }],
        trackingId: expect.stringMatching(/^SIM_/),
        errorCode: status,
      })
      return [status, parsed.message]
    }
    expect(refusedBecause('token')).toEqual([401, expect.stringContaining('valid access token')])
    expect(refusedBecause('permission')).toEqual([403, expect.any(String)])
    expect(refusedBecause('region')).toEqual([
      451,
      expect.stringContaining('should go to URL: https://analytics-calling-eu.webexapis.com'),
    ])
    simulator.refuse('acme', 'none')
    expect(ask(...at).status).toBe(200)
  })

  it('can apply to all orgs from the start, and can point to any region', () => {
    const { ask } = simulate({
      ...quiet,
      behaviour: { refuse: 'region', regionUrl: 'https://analytics-calling-au.webexapis.com' },
    })
    expect(ask(...at).body).toContain('https://analytics-calling-au.webexapis.com')
  })

  it('apply to unknown and replaced tokens', () => {
    const { simulator, get } = simulate(quiet)
    const status = (token: string) => get('/v1/cdr_stream?', token).status
    expect([status('wrong'), status('secret')]).toEqual([401, 400])
    simulator.changeToken('acme', 'new')
    expect([status('secret'), status('new')]).toEqual([401, 400])
    expect(simulator.handle({ method: 'GET', url: '/v1/cdr_stream', headers: {} }).status).toBe(401)
  })

  it('are a plain 404 for other paths and a 405 for other methods', () => {
    const { simulator, get } = simulate(quiet)
    const { status, body } = get('/v1/cdr_streams')
    expect([status, body]).toEqual([404, 'Not Found'])
    const headers = { authorization: 'Bearer secret' }
    expect(simulator.handle({ method: 'POST', url: '/v1/cdr_stream', headers }).status).toBe(405)
  })
})

it('the simulator throws for orgs with the same name or token, and for an unknown org', () => {
  const org = { name: 'acme', token: 'secret', recordsPerMinute: 0 }
  expect(() => simulate({ orgs: [org, { ...org, token: 'other' }] })).toThrow(RangeError)
  expect(() => simulate({ orgs: [org, { ...org, name: 'blue' }] })).toThrow(RangeError)
  expect(() => simulate(quiet).simulator.refuse('nobody', 'token')).toThrow(RangeError)
})
