import type { Answer, Source } from '@cdrstream/engine'
import { type Behaviour, createSimulator, type SimulatorServer, serveSimulator } from '@cdrstream/simulator'
import { afterEach, expect, test } from 'vitest'
import { realClock } from '../../test/support/real-clock.ts'
import { sendRequest } from '../../test/support/send-request.ts'
import { createFixedSignIn } from '../sign-in/fixed-sign-in.ts'
import { createWebexSource } from '../webex-source.ts'
import type { WebexSourceOptions } from '../webex-source-options.ts'
import type { FoundRegion, RegionStore } from './region-store.ts'

const servers: SimulatorServer[] = []

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

/** Two regions: two servers of one simulator, and an org that lives in the second. */
async function twoRegions(behaviour: Partial<Behaviour> = {}) {
  const simulator = createSimulator({
    seed: 1,
    clock: { nowMs: Date.now },
    orgs: [{ name: 'acme', token: 'canary-token', recordsPerMinute: 0 }],
    terms: {
      pageSize: { min: 1, max: 5_000 },
      initialRequests: { count: 1_000, perMs: 1_000 },
      pageRequests: { count: 1_000, perMs: 1_000 },
      settleMs: 1_000,
      retentionMs: 43_200_000,
      maxWindowMs: 7_200_000,
    },
    behaviour,
  })
  const first = await serveSimulator(simulator)
  const second = await serveSimulator(simulator)
  servers.push(first, second)
  const hosts = [new URL(first.baseUrl).host, new URL(second.baseUrl).host] as const
  const livesAt = (home: number) =>
    simulator.route('acme', (host) => (host === hosts[home] ? null : `http://${hosts[home]}`))
  livesAt(1)
  return { simulator, baseUrl: first.baseUrl, allowedHosts: [...hosts], hosts, livesAt }
}

function sourceOf(options: Pick<WebexSourceOptions, 'baseUrl'> & Partial<WebexSourceOptions>): Source {
  return createWebexSource({
    signIn: createFixedSignIn({ reveal: () => 'canary-token' }, realClock),
    clock: realClock,
    ...options,
  })
}

function ask(source: Source): Promise<Answer> {
  const toSec = Math.floor(Date.now() / 1_000) - 60
  const request = { kind: 'initial', window: { fromSec: toSec - 60, toSec }, max: 100 } as const
  return sendRequest(source, request)
}

function memoryStore(): RegionStore & { found?: FoundRegion } {
  const store: RegionStore & { found?: FoundRegion } = {
    load: async () => store.found,
    save: async (found) => {
      store.found = found
    },
  }
  return store
}

const moved = { kind: 'failed', reason: 'region', code: 'region-moved', status: 451 }

test.each(['message', 'quoted', 'description', 'escaped'] as const)(
  "a 451 of the form %s leads to the org's region",
  async (regionForm) => {
    const { hosts, ...region } = await twoRegions({ regionForm })
    const source = sourceOf(region)
    expect(await ask(source)).toMatchObject({ ...moved, host: hosts[1] })
    expect(await ask(source)).toMatchObject({ kind: 'page' })
    expect(await ask(source)).toMatchObject({ kind: 'page' })
  },
)

test('the region that was found is used after a restart, without a request to the first region', async () => {
  const { simulator, ...region } = await twoRegions()
  const regionStore = memoryStore()
  await ask(sourceOf({ ...region, regionStore }))
  const { length } = simulator.ledger.requests
  expect(await ask(sourceOf({ ...region, regionStore }))).toMatchObject({ kind: 'page' })
  expect(simulator.ledger.requests.length).toBe(length + 1)
})

test('an org that moves back and forth during a run is followed', async () => {
  const { livesAt, ...region } = await twoRegions()
  const source = sourceOf(region)
  for (const home of [1, 0, 1]) {
    livesAt(home)
    expect(await ask(source)).toMatchObject(moved)
    expect(await ask(source)).toMatchObject({ kind: 'page' })
  }
})

test('two regions that point to each other pause the org until one region serves it', async () => {
  const { simulator, hosts, livesAt, ...region } = await twoRegions()
  simulator.route('acme', (host) => `http://${host === hosts[0] ? hosts[1] : hosts[0]}`)
  const source = sourceOf(region)
  expect(await ask(source)).toMatchObject(moved)
  const pingPong = { kind: 'refused', reason: 'region', code: 'region-ping-pong' }
  expect(await ask(source)).toMatchObject({ ...pingPong, host: hosts[0] })
  expect(await ask(source)).toMatchObject({ ...pingPong, host: hosts[1] })
  livesAt(1)
  expect(await ask(source)).toMatchObject({ kind: 'page' })
})

test('a region that is not allowed gets no request', async () => {
  const { simulator, baseUrl, hosts } = await twoRegions()
  const source = sourceOf({ baseUrl })
  const refused = { kind: 'refused', code: 'region-host-refused', host: hosts[1] }
  expect(await ask(source)).toMatchObject(refused)
  expect(await ask(source)).toMatchObject(refused)
  expect(simulator.ledger.requests.map(({ status }) => status)).toEqual([451, 451])
})

test('the source stays in a fixed region and reports the correct one', async () => {
  const { hosts, ...region } = await twoRegions()
  const source = sourceOf({ ...region, region: 'fixed' })
  const refused = { kind: 'refused', code: 'wrong-region', host: hosts[1] }
  expect(await ask(source)).toMatchObject(refused)
  expect(await ask(source)).toMatchObject(refused)
})

test('a 451 that names no host is reported as region-unknown', async () => {
  const source = sourceOf(await twoRegions({ regionForm: 'without-host' }))
  expect(await ask(source)).toMatchObject({ kind: 'refused', code: 'region-unknown' })
})

test('a 404 without the known message is a refusal only at the third in a row', async () => {
  const { simulator, baseUrl } = await twoRegions()
  const source = sourceOf({ baseUrl })
  simulator.route('acme', () => null)
  simulator.refuse('acme', 'not-found')
  for (const kind of ['failed', 'failed', 'refused'])
    expect(await ask(source)).toMatchObject({ kind, status: 404 })
  simulator.refuse('acme', 'none')
  expect(await ask(source)).toMatchObject({ kind: 'page' })
  simulator.refuse('acme', 'not-found')
  expect(await ask(source)).toMatchObject({ kind: 'failed', status: 404 })
})
