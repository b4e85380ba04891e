import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { defaultTerms, firstProgress } from '@cdrstream/core'
import type { Behaviour, RefusalReason, SignInRefusal } from '@cdrstream/simulator'
import { makeCertificate } from '@cdrstream-internal/certificates'
import { describe, expect, onTestFinished, test } from 'vitest'
import { auths, changeBudget, openAsCollector, type World, world } from '../../test/support/consult-doctor.ts'

describe('doctor without problems', () => {
  test('reports every check in order, with one request, for an org that renews its tokens', async () => {
    const { consult, simulator } = await world({ renewing: true })
    const consultation = await consult()

    expect(consultation.exitCode).toBe(0)
    expect(
      consultation.diagnosis.checks.map(({ check, level, code }) => `${check} ${level} ${code}`),
    ).toEqual([
      'configuration ok configuration',
      'files ok files-private',
      'connection ok answered',
      'token ok token-accepted',
      'scope ok scope-granted',
      'role ok role-granted',
      'region ok region-right',
      'clock ok clock-right',
      'limits ok limit-kept',
      'journal ok journal-opened',
      'disk ok disk-space',
      'sink ok directory-writable',
      'sink ok state-readable',
      'sink ok disk-space',
    ])
    expect(simulator.ledger.requests.length).toBe(1)
  })

  test('reports a token that cannot be renewed only as a warning', async () => {
    const { consult } = await world()
    const consultation = await consult()

    expect(consultation.exitCode).toBe(0)
    expect(consultation.diagnosis.result).toBe('warning')
    expect(consultation.found('token')).toBe('warning token-not-renewable')
  })

  test('creates nothing for the sinks, and records the request in the journal for the first run', async () => {
    const { consult, directory, journalPath } = await world()
    await consult()

    expect(existsSync(join(directory, 'records'))).toBe(false)
    const journal = await openAsCollector({ journalPath })
    const { slots } = await journal.budget('acme')
    await journal.close()
    expect(slots).toMatchObject([{ kind: 'initial', countsFromMs: expect.any(Number) }])
  })

  test('shows a person the same results as lines of text', async () => {
    const { directory } = await world()
    const { examine } = await import('../doctor/examine.ts')
    const { showDiagnosis } = await import('../doctor/show-diagnosis.ts')
    const quiet = { variable: () => undefined, say: () => {} }
    const options = { config: join(directory, 'cdrstream.yaml'), wait: false }
    const text = showDiagnosis(await examine(options, quiet, new AbortController().signal))

    expect(text).toMatch(/^warning +org acme: token \(token-not-renewable\)/m)
    expect(text.split('\n').filter((line) => line.length > 100)).toEqual([])
  })
})

describe('a configuration problem', () => {
  test('is reported, and nothing else is checked', async () => {
    const { configure, consult, simulator, journalPath } = await world()
    configure({ orgs: '  - { name: acme, auth: { accessToken: "$' + '{NOT_SET}" }, region: mars }' })
    const consultation = await consult()

    expect(consultation.exitCode).toBe(2)
    expect(consultation.found('configuration')).toBe('problem configuration')
    const others = consultation.diagnosis.checks.filter(({ check }) => check !== 'configuration')
    expect(new Set(others.map(({ level, code }) => `${level} ${code}`))).toEqual(
      new Set(['not-checked not-reached']),
    )
    expect(simulator.ledger.requests).toEqual([])
    expect(existsSync(journalPath)).toBe(false)
  })

  test.each([
    [{ NODE_TLS_REJECT_UNAUTHORIZED: '0' }, {}, 'problem environment'],
    [{ HTTPS_PROXY: 'not a URL' }, {}, 'problem environment'],
    [{}, { org: 'other' }, 'problem org-unknown'],
    [{}, { config: './not-there.yaml' }, 'problem configuration'],
  ])('with the variables %j and options %j is reported as %s', async (variables, options, expected) => {
    const { consult, simulator } = await world()
    const consultation = await consult({ ...options, variables })

    expect(consultation.exitCode).toBe(2)
    expect(consultation.found('configuration')).toBe(expected)
    expect(simulator.ledger.requests).toEqual([])
  })
})

describe('a refusal by Webex', () => {
  test.each<[RefusalReason, Partial<Record<string, string>>]>([
    ['token', { token: 'problem access-token-refused', scope: 'not-checked no-token' }],
    [
      'scope',
      {
        token: 'warning token-not-renewable',
        scope: 'problem scope-missing',
        role: 'not-checked scope-missing',
      },
    ],
    ['role', { scope: 'ok scope-granted', role: 'problem role-missing' }],
    ['app', { scope: 'problem app-not-authorized', role: 'not-checked app-not-authorized' }],
    ['permission', { scope: 'not-checked permission', role: 'problem permission' }],
    ['not-found', { connection: 'problem not-found-yet', token: 'not-checked not-told' }],
  ])('because of the %s is reported', async (reason, expected) => {
    const { consult, simulator } = await world({ behaviour: { refuse: reason } })
    const consultation = await consult()

    expect(consultation.ofOrg()).toMatchObject(expected)
    expect(consultation.exitCode).toBe(1)
    expect(simulator.ledger.requests.length).toBe(1)
  })

  test.each<[string, Partial<Behaviour>, string, string, number]>([
    [
      'to another region, which auto follows',
      { regionUrl: 'http://127.0.0.1:9' },
      'auto',
      'ok region-moved',
      0,
    ],
    [
      'to another region, for an org with a fixed region',
      { regionUrl: 'http://127.0.0.1:9' },
      'us',
      'problem wrong-region',
      1,
    ],
    [
      'to a host that is not Cisco’s',
      { regionUrl: 'https://evil.example' },
      'auto',
      'problem region-host-refused',
      1,
    ],
    ['without a host', { regionForm: 'without-host' }, 'auto', 'problem region-unknown', 1],
  ])('with a redirect %s is reported', async (_, behaviour, region, expected, exitCode) => {
    const { configure, consult, directory, baseUrl } = await world({
      behaviour: { refuse: 'region', ...behaviour },
    })
    configure({
      orgs: `  - { name: acme, auth: ${auths.fixed}, region: ${region} }`,
      webex: `{ baseUrl: "${baseUrl}", allowedHosts: ["127.0.0.1:9"] }`,
    })
    const consultation = await consult()

    expect(consultation.ofOrg()).toMatchObject({
      region: expected,
      token: expect.stringContaining('not-checked'),
    })
    expect(consultation.exitCode).toBe(exitCode)
    expect(existsSync(join(directory, 'data/region/acme.json'))).toBe(exitCode === 0)
  })

  test.each<[SignInRefusal, string]>([
    ['grant', 'problem refresh-token-refused'],
    ['client', 'problem client-refused'],
    ['authorization', 'problem app-not-authorized'],
  ])('of a token renewal (%s) is reported, and no request is sent', async (refusal, expected) => {
    const { consult, simulator } = await world({ renewing: true })
    simulator.refuseSignIn('acme', refusal)
    const consultation = await consult()

    expect(consultation.ofOrg()).toMatchObject({ token: expected, scope: 'not-checked no-token' })
    expect(consultation.exitCode).toBe(1)
    expect(simulator.ledger.requests).toEqual([])
  })

  test('of an access token that was just issued is reported', async () => {
    const { consult, simulator } = await world({ renewing: true, behaviour: { refuse: 'token' } })
    const consultation = await consult()

    expect(consultation.found('token')).toBe('problem token-ended')
    expect(simulator.ledger.requests.length).toBe(1)
  })
})

test('an org without a login is reported', async () => {
  const { configure, consult } = await world({ renewing: true })
  configure({ orgs: '  - { name: acme, auth: { clientId: client, clientSecret: canary-client } }' })
  const consultation = await consult()

  expect(consultation.found('token')).toBe('problem refresh-token-missing')
})

test('a refresh token that expires soon is reported as a warning', async () => {
  const { consult } = await world({ renewing: true, signIn: { refreshTokenMs: 5 * 86_400_000 } })
  const consultation = await consult()

  expect(consultation.found('token')).toBe('warning refresh-token-ends-soon')
  expect(consultation.exitCode).toBe(0)
})

test('tokens that doctor has renewed are stored, and the journal is free afterwards', async () => {
  const { consult, directory, journalPath } = await world({ renewing: true, signIn: { rotation: 'at-once' } })
  await consult()

  const stored = JSON.parse(readFileSync(join(directory, 'data/sign-in/acme.json'), 'utf8'))
  expect(stored.refreshToken).not.toBe('canary-refresh')
  await (await openAsCollector({ journalPath })).close()
})

describe('the clock', () => {
  test.each([
    [-90_000, 'warning clock-off'],
    [8 * 3_600_000, 'warning clock-off'],
    [3_000, 'ok clock-right'],
    [800 * 86_400_000, 'problem window-refused'],
  ])('of a server that is %d ms ahead is reported as %s', async (dateSkewMs, expected) => {
    const { consult } = await world({ renewing: true, behaviour: { dateSkewMs } })
    const consultation = await consult()

    expect(consultation.found('clock')).toBe(expected)
  })
})

describe('within the rate limit, doctor', () => {
  test('sends no second request in the same minute, and reports nothing about the API', async () => {
    const { consult, simulator } = await world()
    await consult()
    const consultation = await consult()

    expect(consultation.ofOrg()).toMatchObject({
      token: 'not-checked not-asked',
      limits: 'not-checked budget-spent',
    })
    expect(consultation.exitCode).toBe(0)
    expect(simulator.ledger.requests.length).toBe(1)
  })

  test('waits until the next request is free', async () => {
    const { configure, consult, simulator, baseUrl } = await world({
      terms: {
        pageSize: { min: 500, max: 500 },
        initialRequests: { count: 1, perMs: 300 },
        pageRequests: { count: 10, perMs: 300 },
        settleMs: 1_000,
        retentionMs: 60_000,
        maxWindowMs: 10_000,
      },
    })
    const fast =
      'initialRequests: { count: 1, per: 300ms }, stream: { settle: 1s, retention: 60s, maxWindow: 10s }'
    configure({ webex: `{ baseUrl: "${baseUrl}", pageSize: 500, ${fast} }` })
    await consult()
    const consultation = await consult({ wait: true })

    expect(consultation.found('limits')).toBe('ok limit-kept')
    expect(simulator.ledger.requests.length).toBe(2)
    expect(simulator.rateViolations()).toEqual([])
  })

  test('sends one request for several orgs that share a token', async () => {
    const { configure, consult, simulator } = await world()
    const org = (name: string) => `  - { name: ${name}, auth: ${auths.fixed} }`
    configure({ orgs: `${org('acme')}\n${org('blue')}` })
    const both = await consult()

    expect(both.found('limits', 'acme')).toBe('ok limit-kept')
    expect(both.ofOrg('blue')).toMatchObject({ limits: 'not-checked shared-credential' })
    expect(simulator.ledger.requests.length).toBe(1)
    expect((await consult({ org: 'blue' })).found('limits', 'blue')).toBe('not-checked budget-spent')
  })

  test('checks only some of thousands of orgs, as the summary reports', async () => {
    const { configure, consult, simulator } = await world()
    const orgs = Array.from(
      { length: 25 },
      (_, index) => `  - { name: o${index}, auth: { accessToken: x${index} } }`,
    )
    configure({ orgs: orgs.join('\n') })
    const { diagnosis } = await consult()

    expect(diagnosis.orgs).toEqual({ configured: 25, chosen: 20 })
    expect(simulator.ledger.requests.length).toBe(20)
  })

  test('reports other use on a 429 and a problem on the third 429 in a row, and sends nothing until the wait is over', async () => {
    const one = await world()
    one.simulator.failNext('limited')
    const first = await one.consult()
    expect(first.ofOrg()).toMatchObject({ limits: 'warning limited', token: 'not-checked limited' })
    expect((await one.consult()).found('limits')).toBe('warning pushed-back')
    expect(one.simulator.ledger.requests.length).toBe(1)

    const other = await world()
    await changeBudget(other, (budget) => ({ ...budget, limitedInARow: 2 }))
    other.simulator.failNext('limited')
    const third = await other.consult()
    expect(third.found('limits')).toBe('problem credential-shared')
    expect(third.diagnosis.checks.find(({ check }) => check === 'limits')?.message).toMatch(
      /^Webex answered 429 3 times in a row, /,
    )
    expect(third.exitCode).toBe(1)
  })
})

describe('doctor', () => {
  test.each<[string, (place: World) => Promise<void> | void, string]>([
    [
      'damaged',
      ({ journalPath }) => {
        mkdirSync(dirname(journalPath))
        writeFileSync(journalPath, 'not a database at all. '.repeat(100))
      },
      'problem journal-damaged',
    ],
    [
      'of a newer version',
      async (place) => {
        await changeBudget(place, () => undefined)
        const database = new DatabaseSync(place.journalPath)
        database.exec('PRAGMA user_version = 999')
        database.close()
      },
      'problem journal-newer-schema',
    ],
    [
      'beside a damaged lock',
      ({ journalPath }) => {
        mkdirSync(dirname(journalPath))
        writeFileSync(`${journalPath}.lock`, 'not a database at all. '.repeat(100))
      },
      'problem journal-damaged',
    ],
  ])('sends no request that it cannot record if the journal is %s', async (_, spoil, expected) => {
    const place = await world()
    await spoil(place)
    const consultation = await place.consult()

    expect(consultation.found('journal')).toBe(expected)
    expect(consultation.ofOrg()).toMatchObject({ token: 'not-checked journal-needed' })
    expect(consultation.found('sink')).toBe('ok directory-writable')
    expect(consultation.exitCode).toBe(1)
    expect(place.simulator.ledger.requests).toEqual([])
  })

  test.each([
    ['maxBytes: 1KB', 'journal', 'warning journal-nearly-full'],
    ['minFreeDisk: 900000GB', 'disk', 'problem disk-full'],
  ] as const)('reports the effect of %s in the check "%s"', async (setting, check, expected) => {
    const { configure, consult } = await world({ renewing: true })
    configure({ journal: `{ path: ./data/cdrstream.db, ${setting} }` })
    const consultation = await consult()

    expect(consultation.found(check)).toBe(expected)
  })
})

test('an org that looks renamed causes a warning, unless it has `formerly`', async () => {
  const { configure, consult, journalPath } = await world()
  const journal = await openAsCollector({ journalPath })
  await journal.commit({
    org: 'old',
    scope: 'old',
    progress: firstProgress(60_000, defaultTerms, Date.now()),
    records: [],
    quarantined: [],
    budget: { credential: 'old', change: (budget) => budget },
  })
  await journal.close()
  const codes = async () => {
    const { diagnosis } = await consult()
    return diagnosis.checks.filter(({ check }) => check === 'journal').map(({ code }) => code)
  }
  expect(await codes()).toEqual(['journal-opened', 'org-may-be-renamed'])

  configure({ orgs: `  - { name: acme, formerly: old, auth: ${auths.fixed} }` })
  expect(await codes()).toEqual(['journal-opened'])
})

describe('the sink checks', () => {
  const plugin = (more: string) => `
export default {
  cdrstream: 1,
  name: 'mine',
  options: { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) } },
  traits: { idempotence: 'none' },
  create: (options) => { ${more} },
}
`
  test.each([
    [
      'with findings',
      "return { async open() {}, async check() { return [{ level: 'warning', code: 'w', message: 'm' }, { level: 'error', code: 'e', message: options.password }] } }",
      ['warning w', 'problem e'],
      1,
    ],
    ['without findings', 'return { async open() {}, async check() { return [] } }', ['ok nothing-found'], 0],
    ['without a check', 'return { async open() {} }', ['not-checked no-check'], 0],
    [
      'whose check throws',
      'return { async open() {}, async check() { throw new Error(options.password) } }',
      ['problem check-failed'],
      1,
    ],
    ['whose create throws', 'throw new Error(options.password)', ['problem create-failed'], 1],
  ])('report a sink %s', async (_, code, expected, exitCode) => {
    const { configure, consult, directory } = await world({ renewing: true })
    writeFileSync(join(directory, 'mine.mjs'), plugin(code))
    configure({ sinks: '[{ name: mine, use: ./mine.mjs, options: { password: canary-password } }]' })
    const consultation = await consult()
    const { checks } = consultation.diagnosis

    expect(
      checks.filter(({ check }) => check === 'sink').map(({ level, code: found }) => `${level} ${found}`),
    ).toEqual(expected)
    expect(consultation.exitCode).toBe(exitCode)
  })

  test('report a damaged state file and an unreachable database', async () => {
    const { configure, consult, directory } = await world({ renewing: true })
    mkdirSync(join(directory, 'records/.work'), { recursive: true })
    chmodSync(join(directory, 'records'), 0o700)
    writeFileSync(join(directory, 'records/.work/state.json'), 'no state')
    configure({
      sinks: `
  - { name: files, use: file, options: { directory: ./records, rotateBytes: 1MB } }
  - { name: db, use: postgres, options: { url: "postgres://u:canary-password@127.0.0.1:1/x" } }
  - { name: search, use: elasticsearch, options: { nodes: ["http://127.0.0.1:1"], apiKey: canary-key } }`,
    })
    const { diagnosis, exitCode, found } = await consult()

    expect(exitCode).toBe(1)
    expect(found('sink', 'db')).toBe('problem unreachable')
    expect(found('sink', 'search')).toBe('problem unreachable')
    expect(
      diagnosis.checks.filter(({ name, level }) => name === 'files' && level === 'problem'),
    ).toHaveLength(1)
  })
})

describe('doctor without a connection to Webex', () => {
  test.each([
    ['no server', '{ baseUrl: "http://127.0.0.1:1/v1" }', {}, 'problem unreachable'],
    [
      'an unreachable proxy',
      '{ baseUrl: "https://analytics-calling.webexapis.com/v1" }',
      { https_proxy: 'http://user:canary@127.0.0.1:1' },
      'problem unreachable',
    ],
  ])('reports %s', async (_, webex, variables, expected) => {
    const { configure, consult } = await world()
    configure({ webex })
    const consultation = await consult({ variables })

    expect(consultation.ofOrg()).toMatchObject({
      connection: expected,
      token: 'not-checked no-answer',
      clock: 'not-checked no-answer',
    })
    expect(consultation.exitCode).toBe(1)
  })

  test('reports a self-signed certificate', async () => {
    const hosts = ['127.0.0.1']
    const { certificate: cert, key } = await makeCertificate({ name: 'self', hosts, isAuthority: true })
    const server = createServer({ cert, key }, (_, response) => response.end('{"items":[]}'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const { configure, consult } = await world()
    configure({ webex: `{ baseUrl: "https://127.0.0.1:${(server.address() as AddressInfo).port}/v1" }` })
    const consultation = await consult()

    expect(consultation.found('connection')).toBe('problem certificate-untrusted')
  })

  test('reports a token endpoint that does not answer', async () => {
    const { configure, consult, baseUrl, simulator } = await world({ renewing: true })
    configure({ webex: `{ baseUrl: "${baseUrl}", tokenUrl: "http://127.0.0.1:1/access_token" }` })
    const consultation = await consult()

    expect(consultation.found('token')).toBe('problem sign-in-failed')
    expect(simulator.ledger.requests).toEqual([])
  })

  test('reports an outage of Webex as a warning', async () => {
    const { consult, simulator } = await world()
    simulator.failNext('server-error')
    const consultation = await consult()

    expect(['warning unavailable', 'warning gateway-timeout']).toContain(consultation.found('connection'))
    expect(consultation.exitCode).toBe(0)
  })
})
