import { catalogue } from '@cdrstream/catalogue'
import { describe, expect, it } from 'vitest'
import { compareWithLedger, createSimulator, type SimulatorOptions, serveSimulator } from './index.ts'

const startMs = Date.UTC(2026, 8, 24, 8)
const minuteMs = 60_000
const iso = (ms: number) => new Date(ms).toISOString()

/** A simulator under a clock that the test moves; it has been running for two hours. */
function simulate(options: Partial<SimulatorOptions> = {}) {
  const clock = { ms: startMs, nowMs: () => clock.ms }
  const simulator = createSimulator({
    seed: 7,
    clock,
    orgs: [{ name: 'acme', token: 'secret', recordsPerMinute: 60 }],
    sinceMs: startMs - 2 * 60 * minuteMs,
    ...options,
  })
  const get = (url: string, token = 'secret') =>
    simulator.handle({ method: 'GET', url, headers: { authorization: `Bearer ${token}` } })
  const ask = (fromMs: number, toMs: number, more = '') =>
    get(`/v1/cdr_stream?startTime=${iso(fromMs)}&endTime=${iso(toMs)}${more}`)
  return { clock, simulator, get, ask }
}

const items = (body: string) => (JSON.parse(body) as { items: Record<string, unknown>[] }).items
const message = (body: string) => (JSON.parse(body) as { message: string }).message
const empty = { orgs: [{ name: 'acme', token: 'secret', recordsPerMinute: 0 }] }
const smallPages = {
  terms: {
    pageSize: { min: 1, max: 5_000 },
    initialRequests: { count: 1_000, perMs: 60_000 },
    pageRequests: { count: 1_000, perMs: 60_000 },
    settleMs: 60_000,
    retentionMs: 12 * 3_600_000,
    maxWindowMs: 2 * 3_600_000,
  },
}

describe('windows', () => {
  it('hold what was inserted in them, whatever the records say of time; both bounds are whole seconds and inclusive', () => {
    const { simulator, ask } = simulate({ ...empty, ...smallPages })
    const at = startMs - 30 * minuteMs
    for (const [offsetMs, text] of [
      [-1, '{"n":1}'],
      [0, '{"n":2}'],
      [999, '{"n":3}'],
      [60_999, '{"n":4}'],
      [61_000, '{"n":5}'],
    ] as const) {
      simulator.insert('acme', { insertionMs: at + offsetMs, text })
    }
    expect(items(ask(at + 500, at + 60_200).body).map(({ n }) => n)).toEqual([2, 3, 4])
  })

  it('the upper bound can be exclusive', () => {
    const { simulator, ask } = simulate({ ...empty, behaviour: { endInclusive: false } })
    const at = startMs - 30 * minuteMs
    simulator.insert('acme', { insertionMs: at + 60_000, text: '{"n":1}' })
    expect(ask(at, at + 60_000).body).toBe('{"items":[]}')
  })

  it.each([
    ['too recent', startMs - 10 * minuteMs, startMs - 59_000],
    ['too old', startMs - 12 * 60 * minuteMs - 1, startMs - 11 * 60 * minuteMs],
    ['too long', startMs - 4 * 60 * minuteMs, startMs - 100 * minuteMs],
    ['upside down', startMs - 10 * minuteMs, startMs - 20 * minuteMs],
  ])('are refused when %s', (_, fromMs, toMs) => {
    expect(simulate().ask(fromMs, toMs).status).toBe(400)
  })

  it.each([
    ['empty-list', 200],
    ['not-found', 404],
    ['no-content', 204],
  ] as const)('that are empty are answered as %s', (emptyAs, status) => {
    const { ask } = simulate({ ...empty, behaviour: { emptyAs } })
    expect(ask(startMs - 10 * minuteMs, startMs - 5 * minuteMs).status).toBe(status)
  })

  it('do not show what is not visible yet', () => {
    const { clock, simulator, ask } = simulate({ ...empty, ...smallPages })
    const at = startMs - 30 * minuteMs
    simulator.insert('acme', { insertionMs: at, visibleMs: startMs + 1_000, text: '{"n":1}' })
    expect(items(ask(at, at + 1_000).body)).toEqual([])
    clock.ms += 1_000
    expect(items(ask(at, at + 1_000).body)).toHaveLength(1)
  })
})

describe('pages', () => {
  const fromMs = startMs - 60 * minuteMs
  const toMs = startMs - 40 * minuteMs
  const linkOf = (headers: Readonly<Record<string, string>>) => headers.link ?? headers.LINK ?? ''
  const pathOf = (link: string) => link.replace(/^<*https:\/\/[^/]+/, '').replace(/>?[>;].*$/, '')

  it.each(['milliseconds', 'seconds', 'absent'] as const)(
    'follow each other to the end with resume times in %s',
    (resumeTime) => {
      const { simulator, ask, get } = simulate({ ...smallPages, behaviour: { resumeTime } })
      let answer = ask(fromMs, toMs, '&max=100')
      const seen = items(answer.body)
      const counts = new Set<string>()
      while (linkOf(answer.headers) !== '') {
        counts.add(/totalCount=(\d+)/.exec(linkOf(answer.headers))?.[1] ?? '')
        answer = get(pathOf(linkOf(answer.headers)))
        seen.push(...items(answer.body))
      }
      const distinct = new Set(seen.map((item) => JSON.stringify(item)))
      const inWindow = [...simulator.ledger.entries.values()].length
      expect(distinct.size).toBeGreaterThan(900)
      expect(inWindow).toBeGreaterThan(distinct.size)
      expect(counts.size).toBe(1)
      // Paging is by time: the boundary second comes again.
      if (resumeTime !== 'absent') expect(seen.length).toBeGreaterThan(distinct.size)
    },
  )

  it.each([
    ['normal', /^<https:[^<>]*>; rel="next"$/],
    ['misprinted', /^<<https:[^<>]*>;rel="next">$/],
    ['upper-case', /^<https:[^<>]*>; REL="NEXT"$/],
  ] as const)('have links of the form %s', (linkForm, form) => {
    const { ask } = simulate({ ...smallPages, behaviour: { linkForm } })
    expect(linkOf(ask(fromMs, toMs, '&max=100').headers)).toMatch(form)
  })

  it('adjust max to what the terms allow', () => {
    const { ask } = simulate({
      orgs: [{ name: 'acme', token: 'secret', recordsPerMinute: 600 }],
      sinceMs: fromMs,
    })
    expect(items(ask(fromMs, toMs, '&max=10').body)).toHaveLength(500)
  })
})

describe('limits', () => {
  it('one initial request and ten pages in a sliding minute; what is refused counts too', () => {
    const { clock, simulator, ask, get } = simulate()
    const window = () => ask(clock.ms - 10 * minuteMs, clock.ms - 2 * minuteMs)
    expect(window().status).toBe(200)
    clock.ms += 59_999
    const refused = window()
    expect(refused.status).toBe(429)
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    clock.ms += 1
    expect(window().status).toBe(429)
    clock.ms += minuteMs
    expect(window().status).toBe(200)
    expect(simulator.rateViolations()).toHaveLength(2)
    const pages = Array.from({ length: 11 }, () =>
      get(
        `/v1/cdr_stream?startTime=${iso(clock.ms - 10 * minuteMs)}&endTime=${iso(clock.ms - 5 * minuteMs)}&totalCount=1`,
      ),
    )
    expect(pages.map(({ status }) => status)).toEqual([...Array(10).fill(200), 429])
  })

  it.each(['fixed-minute', 'token-bucket'] as const)(
    '%s lets one request a minute through as well',
    (rateLimit) => {
      const { clock, ask } = simulate({ behaviour: { rateLimit, refusedCount: false } })
      const statuses = Array.from({ length: 121 }, () => {
        clock.ms += 1_000
        return ask(clock.ms - 10 * minuteMs, clock.ms - 2 * minuteMs).status
      })
      expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(2)
      expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(3)
    },
  )

  it('each refusal has its status', () => {
    expect(simulate().get('/v1/cdr_stream', 'wrong').status).toBe(401)
    expect(simulate().get('/v1/other').status).toBe(404)
    expect(simulate({ behaviour: { refuse: 'permission' } }).get('/v1/cdr_stream?').status).toBe(403)
    const region = simulate({ behaviour: { refuse: 'region' } }).get('/v1/cdr_stream?')
    expect(region.status).toBe(451)
    expect(message(region.body)).toContain('https://analytics-calling-eu.webexapis.com')
  })
})

describe('records', () => {
  const records = items(
    simulate({
      orgs: [{ name: 'acme', token: 'secret', recordsPerMinute: 1_000 }],
      sinceMs: startMs - 10 * minuteMs,
    }).ask(startMs - 10 * minuteMs, startMs - 2 * minuteMs).body,
  )

  it('have all 87 keys in the order of the wire, and types as on the wire', () => {
    const [record] = records
    expect(Object.keys(record ?? {})).toEqual(catalogue.map(({ name }) => name))
    expect(typeof record?.Duration).toBe('number')
    expect(typeof record?.['Ring duration']).toBe('string')
    expect(record?.Answered).toMatch(/^(true|false)$/)
    expect(JSON.stringify(record).length).toBeGreaterThan(2_300)
  })

  it('of the two sides of a leg name each other', () => {
    const byLocal = new Map(records.map((record) => [record['Local call ID'], record]))
    const paired = [...byLocal.values()].filter((record) => byLocal.has(record['Remote call ID']))
    expect(paired.length).toBeGreaterThan(500)
    for (const record of paired) {
      const other = byLocal.get(record['Remote call ID'])
      expect(other?.['Remote call ID']).toBe(record['Local call ID'])
      expect(other?.['Network call ID']).toBe(record['Network call ID'])
      expect(other?.['Correlation ID']).toBe(record['Correlation ID'])
    }
  })

  it('of a hunt group name the leg that they come from; an attended transfer joins two sessions', () => {
    const locals = new Set(records.map((record) => record['Local call ID']))
    const attempts = records.filter((record) => record['Related reason'] === 'HuntGroup')
    expect(attempts.length).toBeGreaterThan(50)
    expect(attempts.filter((record) => locals.has(record['Related call ID'])).length).toBeGreaterThan(25)
    const transfers = records.filter((record) => record['Transfer related call ID'] !== '')
    expect(transfers.length).toBeGreaterThan(5)
  })

  it('come at the rate that was asked for', () => {
    const { ask } = simulate({ orgs: [{ name: 'acme', token: 'secret', recordsPerMinute: 100 }] })
    const count = items(ask(startMs - 60 * minuteMs, startMs - 20 * minuteMs).body).length
    expect(count / 40).toBeGreaterThan(85)
    expect(count / 40).toBeLessThan(115)
  })

  it('are the same for the same seed and calls', () => {
    const bodies = [1, 2].map(() => simulate().ask(startMs - 60 * minuteMs, startMs - 50 * minuteMs).body)
    expect(bodies[0]).toBe(bodies[1])
    expect(simulate({ seed: 8 }).ask(startMs - 60 * minuteMs, startMs - 50 * minuteMs).body).not.toBe(
      bodies[0],
    )
  })

  it('come late, again and changed, when they are told to', () => {
    const { simulator } = simulate({
      mix: { lateShare: 0.5, repeatShare: 0.2, revisionShare: 0.2, strangeShare: 0.1 },
    })
    simulator.stopCalls()
    const entries = [...simulator.ledger.entries.values()]
    const ids = new Map<string, number>()
    for (const { reportId } of entries) if (reportId !== null) ids.set(reportId, (ids.get(reportId) ?? 0) + 1)
    expect([...ids.values()].filter((count) => count > 1).length).toBeGreaterThan(500)
    expect(entries.filter(({ isRecord }) => !isRecord).length).toBeGreaterThan(50)
  })
})

describe('the ledger', () => {
  it('finds what is missing, twice and invented', () => {
    const { simulator, ask } = simulate({ ...empty, ...smallPages })
    const at = startMs - 30 * minuteMs
    const texts = ['{"Report ID":"a"}', '{"Report ID":"b"}', '{"Report ID":"c"}']
    for (const text of texts) simulator.insert('acme', { insertionMs: at, text })
    const answer = ask(at, at + 1_000)
    expect(compareWithLedger(simulator.ledger, []).shown).toBe(0)
    answer.delivered()
    const org = 'acme'
    const delivered = [texts[0], texts[0], texts[1], '{"Report ID":"d"}'].map((text = '') => ({ org, text }))
    const { missing, ...counts } = compareWithLedger(simulator.ledger, delivered)
    expect(counts).toEqual({ shown: 3, delivered: 2, twice: 1, invented: 1 })
    expect(missing).toHaveLength(1)
  })
})

describe('over HTTP', () => {
  it('answers, gzipped, and performs faults', async () => {
    const { simulator } = simulate(smallPages)
    const server = await serveSimulator(simulator)
    const url = `${server.baseUrl}/cdr_stream?startTime=${iso(startMs - 20 * minuteMs)}&endTime=${iso(startMs - 10 * minuteMs)}`
    const get = () => fetch(url, { headers: { authorization: 'Bearer secret' } })
    try {
      const answer = await get()
      expect(answer.headers.get('content-encoding')).toBe('gzip')
      expect(items(await answer.text()).length).toBeGreaterThan(300)
      simulator.failNext('drop', 'cut', 'malformed')
      await expect(get()).rejects.toThrow()
      await expect(get().then((cut) => cut.text())).rejects.toThrow()
      expect(() => items('{"items":[')).toThrow()
      const malformed = await (await get()).text()
      expect(() => items(malformed)).toThrow()
      const shown = [...simulator.ledger.entries.values()].filter(({ shownMs }) => shownMs !== null)
      expect(shown.length).toBeGreaterThan(300)
    } finally {
      await server.close()
    }
  })
})
