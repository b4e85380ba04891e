import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createNodePlatform } from '@cdrstream/engine/node'
import { createSimulator, type SignInBehaviour, serveSimulator } from '@cdrstream/simulator'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { builtInSinks } from '../built-in-sinks.ts'
import { loadToCollect } from '../configuration/load-configuration.ts'
import { createTransport } from '../network.ts'
import { createSignIns } from '../sign-in/create-sign-ins.ts'
import type { Terminal } from '../terminal.ts'
import { type LoginOptions, login } from './login.ts'

const client = { clientId: 'client', clientSecret: 'canary-client' }
const never = new AbortController().signal

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cdrstream-login-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

/** Starts a simulated Webex whose org has an unknown refresh token, and writes a configuration for it. */
async function simulate({ auth = client, ...behaviour }: Partial<SignInBehaviour> & { auth?: object } = {}) {
  const simulator = createSimulator({
    seed: 1,
    clock: { nowMs: Date.now },
    orgs: [{ name: 'acme', signIn: { ...client, refreshToken: 'unknown' }, recordsPerMinute: 0 }],
    signIn: behaviour,
  })
  const server = await serveSimulator(simulator)
  onTestFinished(() => server.close())
  configure(`  - { name: acme, auth: ${JSON.stringify(auth)} }`, server.tokenUrl)
  return { simulator, server }
}

function configure(orgs: string, tokenUrl: string): void {
  writeFileSync(
    join(directory, 'cdrstream.yaml'),
    `orgs:
${orgs}
journal: { path: ./data/cdrstream.db }
sinks: [{ name: db, use: postgres, options: { url: "\${NOT_SET}" } }]
webex: { tokenUrl: "${tokenUrl}" }
`,
  )
}

/** Starts a login. Returns what it shows and its exit code. */
function start(more: Partial<LoginOptions> = {}, input: (address: URL) => readonly string[] = () => []) {
  const shown = Promise.withResolvers<URL>()
  const stop = Promise.withResolvers<() => void>()
  let text = ''
  const terminal: Terminal = {
    variable: () => undefined,
    print: (printed) => {
      text += printed
      shown.resolve(new URL(printed.trim()))
    },
    erase: () => {},
    say: (line) => {
      text += `${line}\n`
    },
    lines: async function* () {
      yield* input(await shown.promise)
    },
    input: async () => Buffer.alloc(0),
    outIsTerminal: false,
    errorIsTerminal: false,
    onStop: (listener) => {
      stop.resolve(listener)
      return { [Symbol.dispose]: () => {} }
    },
    onHangup: () => ({ [Symbol.dispose]: () => {} }),
    printProblem: async () => undefined,
    onCrash: () => ({ [Symbol.dispose]: () => {} }),
    exit: () => {},
  }
  const options = {
    config: join(directory, 'cdrstream.yaml'),
    redirectUri: 'http://127.0.0.1:0/callback',
    paste: false,
    ...more,
  }
  const ended = login(options, terminal)
  return {
    ended,
    /** The URL for the user to open. */
    shown: shown.promise,
    stop: async () => (await stop.promise)(),
    text: () => text,
  }
}

/** Returns the URL that the browser is redirected to after the user signs in and accepts. */
async function signedIn(address: URL): Promise<string> {
  const { headers } = await fetch(address, { redirect: 'manual' })
  return headers.get('location') ?? ''
}

function storedFile(): string {
  return join(directory, 'data/sign-in/acme.json')
}

/** Returns whether a collector with this configuration receives an access token. */
async function tokenOutcome(): Promise<string> {
  const variable = (name: string) => (name === 'NOT_SET' ? 'postgres://localhost/x' : undefined)
  const file = join(directory, 'cdrstream.yaml')
  const loaded = await loadToCollect({ file, builtInSinks, variable })
  if (loaded.kind === 'problems') throw new Error(loaded.lines.join('\n'))
  const log = { debug() {}, info() {}, warn() {}, error() {} }
  const transport = createTransport(loaded.configuration, variable)
  const means = { clock: createNodePlatform().clock, log, userAgent: 'test', transport }
  const outcome = await createSignIns(loaded.configuration, means).get('acme')?.accessToken(never)
  return outcome?.kind === 'refused' ? outcome.code : String(outcome?.kind)
}

/** The secrets of the simulator and the configuration. */
const secrets = /canary|SIM[ARC]_/

describe('a login', () => {
  test('in the browser stores the token that the collector continues with', async () => {
    await simulate({ rotation: 'honoured' })
    expect(await tokenOutcome()).toBe('refresh-token-missing')
    const { shown, ended, text } = start()
    const page = await fetch(await signedIn(await shown))

    expect([page.status, page.headers.get('referrer-policy')]).toEqual([200, 'no-referrer'])
    expect(await ended).toBe(0)
    expect(await tokenOutcome()).toBe('token')
    expect(text()).not.toMatch(secrets)
  })

  test('takes precedence over the configured refresh token until a different one is configured', async () => {
    const auth = { ...client, refreshToken: 'canary-ended' }
    const { server } = await simulate({ auth })
    expect(await tokenOutcome()).toBe('refresh-token-refused')
    const { shown, ended } = start()
    await fetch(await signedIn(await shown))
    expect(await ended).toBe(0)
    expect(await tokenOutcome()).toBe('token')
    const other = { ...auth, refreshToken: 'canary-other' }
    configure(`  - { name: acme, auth: ${JSON.stringify(other)} }`, server.tokenUrl)
    expect(await tokenOutcome()).toBe('refresh-token-refused')
  })

  test.each([
    ['the URL', (location: string) => location],
    ['the URL without its beginning', (location: string) => location.replace('https://', '')],
    ['the code', (location: string) => new URL(location).searchParams.get('code') ?? ''],
  ])('works by pasting %s after a wrong input', async (_, copied) => {
    const { simulator } = await simulate()
    const redirectUri = 'https://example.com/callback'
    const { ended, text } = start({ paste: true, redirectUri }, (address) => {
      const { headers } = simulator.handle({
        method: 'GET',
        url: `${address.pathname}${address.search}`,
        headers: {},
      })
      return ['https://example.com/callback?code=x&state=other', copied(headers.location ?? '')]
    })

    expect(await ended).toBe(0)
    expect(await tokenOutcome()).toBe('token')
    expect(text()).not.toMatch(secrets)
  })

  test('rejects a redirect from another sign-in and keeps waiting', async () => {
    await simulate()
    const { shown, ended } = start()
    const location = new URL(await signedIn(await shown))
    const other = new URL(location)
    other.searchParams.set('state', 'guessed')
    expect((await fetch(other)).status).toBe(400)
    expect((await fetch(new URL('/favicon.ico', location))).status).toBe(404)
    expect((await fetch(location, { method: 'POST' })).status).toBe(404)
    expect((await fetch(location)).status).toBe(200)
    expect(await ended).toBe(0)
  })
})

describe('nothing is stored and no secret is shown', () => {
  afterEach(() => expect(existsSync(storedFile())).toBe(false))

  test.each(['access_denied', 'invalid_scope', 'server_error'])('if Webex answers %s', async (error) => {
    await simulate()
    const { shown, ended, text } = start()
    const { searchParams } = await shown
    const answer = new URLSearchParams({ error, state: searchParams.get('state') ?? '' })
    await fetch(`${searchParams.get('redirect_uri')}?${answer}`)
    expect(await ended).toBe(3)
    expect(text()).toContain(error)
  })

  test.each([
    ['the wrong scope', { scope: 'spark:people_read' }, 'none', 3, 'scope-missing'],
    ['a wrong secret', {}, 'client', 3, 'client-refused'],
    ['an app that is not authorized', {}, 'authorization', 3, 'app-not-authorized'],
  ] as const)('with %s', async (_, behaviour, refusal, exitCode, code) => {
    const { simulator } = await simulate(behaviour)
    simulator.refuseSignIn('acme', refusal)
    const { shown, ended, text } = start()
    await fetch(await signedIn(await shown))
    expect(await ended).toBe(exitCode)
    expect(text()).toContain(`[${code}]`)
    expect(text()).not.toMatch(secrets)
  })

  test('with a code from another browser', async () => {
    await simulate()
    const { ended, text } = start({ paste: true }, () => ['SIMC_of-somebody-else'])
    expect(await ended).toBe(3)
    expect(text()).toContain('[code-refused]')
    expect(text()).not.toMatch(secrets)
  })

  test('with a token endpoint that cannot be reached', async () => {
    const { server } = await simulate()
    const { ended, text, shown } = start()
    const location = await signedIn(await shown)
    await server.close()
    await fetch(location)
    expect(await ended).toBe(1)
    expect(text()).toContain('unreachable')
    expect(text()).not.toMatch(secrets)
  })

  test('if the user cancels the login or the input ends', async () => {
    await simulate()
    const { shown, stop, ended } = start()
    await shown
    await stop()
    expect(await ended).toBe(1)
    expect(await start({ paste: true }).ended).toBe(1)
  })

  test('if another program uses the port', async () => {
    await simulate()
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    const { ended, text } = start({ redirectUri: `http://127.0.0.1:${port}/` })
    expect(await ended).toBe(1)
    expect(text()).toContain('EADDRINUSE')
    other.close()
  })

  test.each([
    ['none with a client', '  - { name: a, auth: { accessToken: canary-a } }', undefined],
    ['one with a token', '  - { name: a, auth: { accessToken: canary-a } }', 'a'],
    ['an unknown org', '  - { name: a, auth: { clientId: c, clientSecret: canary-s } }', 'b'],
  ])('if there is no matching org: %s', async (_, orgs, org) => {
    configure(orgs, 'http://127.0.0.1:1/t')
    const { ended, text } = start(org === undefined ? {} : { org })
    expect(await ended).toBe(2)
    expect(text()).not.toMatch(secrets)
  })
})

test('with several orgs, login signs in the org that --org names', async () => {
  const { server } = await simulate()
  const auth = JSON.stringify(client)
  configure(`  - { name: other, auth: ${auth} }\n  - { name: acme, auth: ${auth} }`, server.tokenUrl)
  expect(await start().ended).toBe(2)
  const { shown, ended } = start({ org: 'acme' })
  await fetch(await signedIn(await shown))
  expect(await ended).toBe(0)
  expect(JSON.parse(readFileSync(storedFile(), 'utf8'))).toMatchObject({ configuredSha256: null })
  expect(await tokenOutcome()).toBe('token')
})
