import { expect, test } from 'vitest'
import { createSimulator, documentedTerms, type SimulatorOptions } from './index.ts'

const nowMs = Date.UTC(2026, 8, 24, 12)

function simulate(more: Partial<SimulatorOptions> = {}) {
  const simulator = createSimulator({
    seed: 1,
    clock: { nowMs: () => nowMs },
    orgs: [
      { name: 'acme', token: 'a', recordsPerMinute: 0 },
      { name: 'blue', token: 'b', recordsPerMinute: 0 },
    ],
    terms: { ...documentedTerms, initialRequests: { count: 10, perMs: 60_000 } },
    ...more,
  })
  const window = 'startTime=2026-09-24T10:00:00.000Z&endTime=2026-09-24T11:00:00.000Z'
  const ask = (host: string, token = 'a') =>
    simulator.handle({
      method: 'GET',
      url: `/v1/cdr_stream?${window}`,
      headers: { host, authorization: `Bearer ${token}` },
    })
  return { simulator, ask }
}

test.each([
  ['permission', 403, /scopes.*roles/],
  ['scope', 403, /scope/],
  ['role', 403, /role/],
  ['app', 403, /not authorized/],
  ['not-found', 404, /not be found/],
] as const)("an org's requests can be refused with the reason %s", (reason, status, words) => {
  const { simulator, ask } = simulate()
  simulator.refuse('acme', reason)
  expect(ask('h')).toMatchObject({ status, body: expect.stringMatching(words) })
  expect(ask('h', 'b').status).toBe(200)
})

test('an org with a route is served by its own region, and other regions point to it', () => {
  const { simulator, ask } = simulate()
  simulator.route('acme', (host) => (host === 'eu:1' ? null : 'http://eu:1'))
  expect(ask('us:1')).toMatchObject({ status: 451, body: expect.stringContaining('URL: http://eu:1') })
  expect(ask('eu:1').status).toBe(200)
  expect(ask('us:1', 'b').status).toBe(200)
  simulator.route('acme', () => null)
  expect(ask('us:1').status).toBe(200)
})

test.each([
  ['message', true],
  ['quoted', true],
  ['description', true],
  ['escaped', true],
  ['bare-host', true],
  ['without-host', false],
] as const)('a 451 in the form %s is JSON and names the host: %s', (regionForm, named) => {
  const { body, status } = simulate({ behaviour: { refuse: 'region', regionForm } }).ask('h')
  expect(status).toBe(451)
  expect(JSON.stringify(JSON.parse(body)).includes('analytics-calling-eu.webexapis.com')).toBe(named)
})
