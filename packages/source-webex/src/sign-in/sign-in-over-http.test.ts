import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Answer } from '@cdrstream/engine'
import { createSimulator, type Simulator, type SimulatorServer, serveSimulator } from '@cdrstream/simulator'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { realClock } from '../../test/support/real-clock.ts'
import { sendRequest } from '../../test/support/send-request.ts'
import {
  createRenewingSignIn,
  createTokenFile,
  createWebexSource,
  type SignIn,
  type SignInEvent,
} from '../index.ts'

const never = new AbortController().signal
const signIn = { clientId: 'client', clientSecret: 'canary-client', refreshToken: 'canary-refresh' }
const lifeMs = 4_000

let directory: string
let simulator: Simulator
let server: SimulatorServer
let events: SignInEvent[]

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cdrstream-sign-in-'))
  events = []
  const perMs = 60_000
  simulator = createSimulator({
    seed: 1,
    clock: { nowMs: Date.now },
    orgs: [{ name: 'acme', signIn, recordsPerMinute: 60 }],
    sinceMs: Date.now() - 600_000,
    signIn: { accessTokenMs: lifeMs, rotation: 'honoured' },
    terms: {
      pageSize: { min: 1, max: 5_000 },
      initialRequests: { count: 1_000_000, perMs },
      pageRequests: { count: 1_000_000, perMs },
      settleMs: 1_000,
      retentionMs: 12 * 60 * perMs,
      maxWindowMs: 2 * 60 * perMs,
    },
  })
  server = await serveSimulator(simulator, { slowMs: 300 })
})

afterEach(async () => {
  await server.close()
  await rm(directory, { recursive: true })
})

function start(): { readonly signIn: SignIn; ask(): Promise<Answer> } {
  const running = createRenewingSignIn({
    clientId: signIn.clientId,
    clientSecret: { reveal: () => signIn.clientSecret },
    refreshToken: { reveal: () => signIn.refreshToken },
    store: createTokenFile(join(directory, 'sign-in', 'acme.json')),
    tokenUrl: server.tokenUrl,
    clock: realClock,
    onEvent: (event) => void events.push(event),
  })
  const source = createWebexSource({ baseUrl: server.baseUrl, signIn: running, clock: realClock })
  const toSec = Math.floor(Date.now() / 1_000) - 60
  const window = { fromSec: toSec - 30, toSec }
  return {
    signIn: running,
    ask: () => sendRequest(source, { kind: 'initial', window, max: 500 }),
  }
}

const renewals = () => simulator.ledger.tokenRequests.filter(({ status }) => status === 200).length

test('with rotating tokens that last 4 s, concurrent requests and restarts, no request is refused', async () => {
  let answered = 0
  for (let restarts = 0; restarts < 3; restarts += 1) {
    const { ask } = start()
    const until = renewals() + 2
    while (renewals() < until) {
      const answers = await Promise.all(Array.from({ length: 8 }, ask))
      expect(answers.map(({ kind }) => kind)).toEqual(Array(8).fill('page'))
      answered += answers.length
      await realClock.sleep(20, never)
    }
  }
  expect(answered).toBeGreaterThan(100)
  expect(new Set(simulator.ledger.tokenRequests.map(({ atOnce }) => atOnce))).toEqual(new Set([1]))
  expect(new Set(simulator.ledger.requests.map(({ status }) => status))).toEqual(new Set([200]))
})

test('each request with a revoked token fails once, and the token is renewed once', async () => {
  const { ask } = start()
  await ask()
  simulator.endTokens('acme', 'access-tokens')
  const refused = await Promise.all(Array.from({ length: 8 }, ask))
  for (const answer of refused) {
    if (answer.kind !== 'page') expect(answer).toMatchObject({ kind: 'failed', reason: 'token', status: 401 })
  }
  expect(refused.some(({ kind }) => kind === 'failed')).toBe(true)
  expect((await Promise.all(Array.from({ length: 8 }, ask))).map(({ kind }) => kind)).toEqual(
    Array(8).fill('page'),
  )
  expect(renewals()).toBe(2)
})

test.each([
  ['server-error', 'unavailable'],
  ['limited', 'unavailable'],
  ['drop', 'unreachable'],
  ['cut', 'malformed'],
  ['html', 'malformed'],
  ['huge', 'too-large'],
  ['incomplete', 'malformed'],
] as const)('the network fault %s is classified as %s', async (fault, reason) => {
  simulator.failNextSignIn(fault)
  const { signIn, ask } = start()
  expect(await ask()).toMatchObject({ kind: 'failed', reason: 'sign-in', answeredAtMs: null })
  expect(events.at(-1)).toMatchObject({ code: 'sign-in-failed', fields: { reason } })
  expect(signIn.state().trouble?.code).toBe('sign-in-failed')
  expect(simulator.ledger.requests).toEqual([])
})

test('a slow response to a token request is not a failure', async () => {
  simulator.failNextSignIn('slow')
  expect((await start().ask()).kind).toBe('page')
})

test('a refusal has a code and a remedy, and no request is sent to the API', async () => {
  simulator.refuseSignIn('acme', 'authorization')
  expect(await start().ask()).toMatchObject({
    kind: 'refused',
    reason: 'token',
    code: 'app-not-authorized',
    remedy: expect.stringContaining('Control Hub'),
  })
  expect(simulator.ledger.requests).toEqual([])
})
