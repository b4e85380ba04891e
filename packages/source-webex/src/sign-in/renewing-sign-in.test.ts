import { createHash } from 'node:crypto'
import { inspect } from 'node:util'
import { ProcessClock } from '@cdrstream-internal/virtual-time'
import { describe, expect, test } from 'vitest'
import { systemError } from '../../test/support/memory-token-files.ts'
import {
  dayMs,
  minuteMs,
  secret,
  signIn,
  signInWorld,
  startMs,
  tokenPath,
} from '../../test/support/sign-in-world.ts'
import { type AccessTokenOutcome, createRenewingSignIn, type SignIn, type Transport } from '../index.ts'

const never = new AbortController().signal
const hourMs = 60 * minuteMs

function tokenOf(outcome: AccessTokenOutcome): string {
  if (outcome.kind !== 'token') throw new Error(`no token: ${JSON.stringify(outcome)}`)
  return outcome.token
}

/** Requests a token many times at once. Returns the distinct tokens. */
async function askMany(signingIn: SignIn, times = 50): Promise<Set<string>> {
  const outcomes = await Promise.all(Array.from({ length: times }, () => signingIn.accessToken(never)))
  return new Set(outcomes.map(tokenOf))
}

describe('an access token', () => {
  test('is requested once for all concurrent callers', async () => {
    const world = signInWorld()
    const tokens = await world.run(() => askMany(world.start()))
    expect(tokens.size).toBe(1)
    expect(world.tokenRequests()).toMatchObject([{ org: 'acme', grant: 'refresh_token', status: 200 }])
  })

  test('is renewed in the background before it expires, without delaying callers', async () => {
    const world = signInWorld({ behaviour: { accessTokenMs: hourMs } })
    const signingIn = world.start()
    const first = tokenOf(await world.run(() => signingIn.accessToken(never)))
    await world.pass(50 * minuteMs)
    expect([...(await askMany(signingIn))]).toEqual([first])
    await world.run(() => signingIn.idle())
    const second = tokenOf(await signingIn.accessToken(never))
    expect(second).not.toBe(first)
    expect(world.tokenRequests()).toHaveLength(2)
    expect(await world.run(() => world.statusOf(second))).toBe(400)
  })

  test('that has expired is renewed while callers wait', async () => {
    const world = signInWorld({ behaviour: { accessTokenMs: hourMs } })
    const signingIn = world.start()
    await world.run(() => signingIn.accessToken(never))
    await world.pass(2 * hourMs)
    const tokens = await world.run(() => askMany(signingIn))
    expect(tokens.size).toBe(1)
    expect(await world.run(() => world.statusOf([...tokens][0] ?? ''))).toBe(400)
    expect(world.tokenRequests()).toHaveLength(2)
  })

  test('is renewed once if several requests get a 401 for it', async () => {
    const world = signInWorld()
    const signingIn = world.start()
    const first = tokenOf(await world.run(() => signingIn.accessToken(never)))
    world.simulator.endTokens('acme', 'access-tokens')
    expect(signingIn.refused(first)).toBeUndefined()
    const second = tokenOf(await world.run(() => signingIn.accessToken(never)))
    for (let i = 0; i < 10; i += 1) expect(signingIn.refused(first)).toBeUndefined()
    expect(tokenOf(await signingIn.accessToken(never))).toBe(second)
    expect(world.tokenRequests()).toHaveLength(2)
  })

  test('that expires while a request is in transit does not cause a refusal', async () => {
    const world = signInWorld({ behaviour: { accessTokenMs: hourMs } })
    const signingIn = world.start()
    for (let time = 0; time < 3; time += 1) {
      const token = tokenOf(await world.run(() => signingIn.accessToken(never)))
      await world.pass(hourMs)
      expect(signingIn.refused(token)).toBeUndefined()
    }
    expect(signingIn.state().trouble).toBeNull()
  })

  test('that is new and also not accepted causes a refusal, and an accepted token resets the count', async () => {
    const world = signInWorld()
    const signingIn = world.start()
    const next = async () => tokenOf(await world.run(() => signingIn.accessToken(never)))
    const taken = await next()
    expect(signingIn.refused(taken)).toBeUndefined()
    signingIn.accepted(await next())
    expect(signingIn.refused(await next())).toBeUndefined()
    expect(signingIn.refused(await next())).toMatchObject({ code: 'new-access-token-refused' })
    expect(await world.run(() => signingIn.accessToken(never))).toMatchObject({ kind: 'refused' })
    await world.pass(5 * minuteMs)
    signingIn.accepted(await next())
    expect(signingIn.state().trouble).toBeNull()
  })

  test.each(['absent', 'absurd'] as const)(
    'whose lifetime is %s is used until it is refused',
    async (lives) => {
      for (let seed = 1; seed < 12; seed += 1) {
        const world = signInWorld({ behaviour: { lives }, seed })
        const signingIn = world.start()
        const first = tokenOf(await world.run(() => signingIn.accessToken(never)))
        expect(signingIn.state()).toMatchObject({ accessTokenEndsAtMs: null, refreshTokenEndsAtMs: null })
        await world.pass(100 * dayMs)
        expect(tokenOf(await signingIn.accessToken(never))).toBe(first)
        expect(world.tokenRequests()).toHaveLength(1)
      }
    },
  )
})

describe('while the token cannot be renewed', () => {
  test('the current token is used until it expires, and renewals are attempted at growing intervals', async () => {
    const world = signInWorld({ behaviour: { accessTokenMs: hourMs } })
    const signingIn = world.start()
    await world.run(() => signingIn.accessToken(never))
    world.simulator.signInOutage(world.time.nowMs, startMs + 3 * hourMs)
    const kinds: string[] = []
    for (let minute = 0; minute < 90; minute += 1) {
      await world.pass(minuteMs)
      for (let i = 0; i < 3; i += 1) kinds.push((await world.run(() => signingIn.accessToken(never))).kind)
    }
    expect(kinds.lastIndexOf('token')).toBe(59 * 3 - 1)
    expect(kinds.indexOf('failed')).toBe(59 * 3)
    const times = world.tokenRequests().map(({ atMs }) => atMs - startMs)
    // At most one attempt per minute at first, then one every five minutes.
    expect(times.length).toBeGreaterThan(8)
    expect(times.length).toBeLessThan(20)
    expect(signingIn.state().trouble).toEqual({ code: 'sign-in-failed', remedy: null })
    expect(world.events.map(({ code }) => code)).toEqual(['sign-in-renewed', 'sign-in-failed'])
    await world.pass(2 * hourMs)
    expect((await world.run(() => signingIn.accessToken(never))).kind).toBe('token')
    expect(signingIn.state().trouble).toBeNull()
  })

  test('Retry-After is obeyed and reported, up to an hour', async () => {
    const seen: number[] = []
    let retryAfter = '120'
    const world = signInWorld()
    const transport: Transport = async () => {
      seen.push(world.time.nowMs)
      return { status: 429, statusText: '', headers: { 'retry-after': retryAfter }, body: [] }
    }
    const signingIn = world.start({ transport })
    const ask = () => world.run(() => signingIn.accessToken(never))
    expect(await ask()).toMatchObject({ kind: 'failed', status: 429, retryAfterMs: 120_000 })
    await world.pass(119_000)
    expect(await ask()).toMatchObject({ kind: 'failed', retryAfterMs: 1_000 })
    retryAfter = '31536000'
    await world.pass(1_000)
    expect(await ask()).toMatchObject({ kind: 'failed', retryAfterMs: hourMs })
    expect(seen).toHaveLength(2)
  })

  test.each([
    ['server-error', 'unavailable'],
    ['limited', 'unavailable'],
    ['hang', 'timeout'],
    ['drop', 'unreachable'],
    ['lost', 'unreachable'],
    ['cut', 'malformed'],
    ['html', 'malformed'],
    ['huge', 'too-large'],
    ['incomplete', 'malformed'],
  ] as const)('the fault %s is a temporary failure (%s)', async (fault, reason) => {
    const world = signInWorld({ behaviour: { rotation: 'honoured' } })
    world.simulator.failNextSignIn(fault)
    const signingIn = world.start()
    const failed = await world.run(() => signingIn.accessToken(never))
    expect(failed).toMatchObject({ kind: 'failed', reason })
    await world.pass(30_000)
    expect((await world.run(() => signingIn.accessToken(never))).kind).toBe('token')
  })
})

describe('a refusal', () => {
  test.each([
    ['grant', 'refresh-token-refused', 400],
    ['client', 'client-refused', 401],
    ['authorization', 'app-not-authorized', 403],
  ] as const)(
    '(%s) has a code and a remedy, and is retried every few minutes',
    async (reason, code, status) => {
      const world = signInWorld()
      world.simulator.refuseSignIn('acme', reason)
      const signingIn = world.start()
      const ask = () => world.run(() => signingIn.accessToken(never))
      const refused = await ask()
      expect(refused).toMatchObject({ kind: 'refused', code, status, remedy: expect.stringMatching(/.{40}/) })
      expect(signingIn.state().trouble).toMatchObject({ code })
      for (let i = 0; i < 10; i += 1) expect(await ask()).toEqual(refused)
      expect(world.tokenRequests()).toHaveLength(1)
      world.simulator.refuseSignIn('acme', 'none')
      await world.pass(5 * minuteMs)
      expect((await ask()).kind).toBe('token')
      expect(world.events.map((event) => event.code)).toEqual([code, 'sign-in-renewed'])
    },
  )

  test('is logged as an error days before the current token expires', async () => {
    const world = signInWorld()
    const signingIn = world.start()
    await world.run(() => signingIn.accessToken(never))
    world.simulator.refuseSignIn('acme', 'grant')
    await world.pass(12 * dayMs)
    await world.run(() => signingIn.accessToken(never))
    await world.run(() => signingIn.idle())
    expect((await signingIn.accessToken(never)).kind).toBe('token')
    expect(world.events.at(-1)).toMatchObject({ level: 'error', code: 'refresh-token-refused' })
    await world.pass(2 * dayMs)
    expect(await world.run(() => signingIn.accessToken(never))).toMatchObject({
      code: 'refresh-token-refused',
    })
  })

  test('ends as soon as a login has stored a new refresh token', async () => {
    const world = signInWorld({ behaviour: { rotation: 'at-once' } })
    const elsewhere = tokenOf(await world.run(() => world.start({ store: nothingStored }).accessToken(never)))
    expect(elsewhere).not.toBe('')
    const signingIn = world.start()
    const ask = () => world.run(() => signingIn.accessToken(never))
    expect(await ask()).toMatchObject({ code: 'refresh-token-refused' })
    world.files.cutPower(0)
    await world.files.makeDirectory('/data/sign-in')
    await world.files.create(tokenPath, fileWith(saved.at(-1) ?? ''))
    expect((await ask()).kind).toBe('token')
  })

  test('is returned without a request if there is no refresh token', async () => {
    const world = signInWorld()
    const { clientId, clientSecret } = signIn
    const signingIn = createRenewingSignIn({
      clientId,
      clientSecret: secret(clientSecret),
      store: nothingStored,
      clock: new ProcessClock(world.time, () => false),
      transport: world.transport,
    })
    const refused = await world.run(() => signingIn.accessToken(never))
    expect(refused).toMatchObject({ code: 'refresh-token-missing', status: null })
    expect(world.tokenRequests()).toHaveLength(0)
  })
})

describe('a login in another process', () => {
  /** Starts a sign-in without problems, then puts a new refresh token into its store. */
  async function replaced(behaviour = {}) {
    const world = signInWorld({ behaviour: { rotation: 'honoured', ...behaviour } })
    const signingIn = world.start()
    const ask = async () => tokenOf(await world.run(() => signingIn.accessToken(never)))
    const first = await ask()
    await world.run(() => world.start({ store: nothingStored }).accessToken(never))
    const refreshToken = saved.at(-1) ?? ''
    await world.files.remove(tokenPath)
    await world.files.create(tokenPath, fileWith(refreshToken))
    return { world, ask, first, refreshToken }
  }

  test('is noticed within a minute, although the current token is valid', async () => {
    const { world, ask, first } = await replaced()
    expect(await ask()).toBe(first)
    await world.pass(minuteMs)
    const second = await ask()
    expect(second).not.toBe(first)
    expect(await world.run(() => world.statusOf(second))).toBe(400)
    expect(world.events.map(({ code }) => code)).toContain('sign-in-replaced')
    await world.pass(minuteMs)
    expect(await ask()).toBe(second)
  })

  test('provides the refresh token for the next renewal', async () => {
    const lifeMs = 30_000
    const { world, ask } = await replaced({ accessTokenMs: lifeMs })
    const sent: string[] = []
    const { handle } = world.simulator
    world.simulator.handle = (request) => {
      sent.push(new URLSearchParams(request.body).get('refresh_token') ?? '')
      return handle.call(world.simulator, request)
    }
    await world.pass(lifeMs)
    await ask()
    expect(sent).toEqual([saved.at(-1)])
  })

  test('is not assumed if the store cannot be read or the file is missing', async () => {
    const world = signInWorld()
    let fails = false
    const files = bound(world.files)
    const readText = async (path: string) => {
      if (fails) throw systemError('EIO')
      return files.readText(path)
    }
    const signingIn = world.start({ tokenFiles: { ...files, readText } })
    const ask = async () => tokenOf(await world.run(() => signingIn.accessToken(never)))
    const first = await ask()
    fails = true
    await world.pass(minuteMs)
    expect(await ask()).toBe(first)
    fails = false
    await world.files.remove(tokenPath)
    await world.pass(minuteMs)
    expect(await ask()).toBe(first)
  })
})

const saved: string[] = []
const nothingStored = {
  load: async () => ({ kind: 'nothing' as const }),
  save: async ({ refreshToken }: { refreshToken: string }) => void saved.push(refreshToken),
}

function fileWith(refreshToken: string, configured = signIn.refreshToken): string {
  return JSON.stringify({
    cdrstreamSignIn: 1,
    configuredSha256: sha256(configured),
    refreshToken,
    renewedAtMs: 0,
  })
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

describe('the refresh token', () => {
  test('that is returned is durable before the access token is handed out', async () => {
    const world = signInWorld({ behaviour: { rotation: 'honoured' } })
    await world.run(() => world.start().accessToken(never))
    world.files.cutPower(0)
    const text = world.files.texts().get(tokenPath) ?? ''
    expect(JSON.parse(text)).toEqual({
      cdrstreamSignIn: 1,
      configuredSha256: sha256(signIn.refreshToken),
      refreshToken: expect.stringMatching(/^SIMR_/),
      refreshTokenEndsAtMs: startMs + 90 * dayMs,
      accessTokenEndsAtMs: startMs + 14 * dayMs,
      renewedAtMs: startMs,
    })
    expect([...world.files.texts().keys()]).toEqual([tokenPath])
    expect(text).not.toContain(signIn.refreshToken)
  })

  test('that cannot be stored is kept in memory, and its access token is withheld until it is stored', async () => {
    const world = signInWorld({ behaviour: { rotation: 'at-once' } })
    let full = true
    const tokenFiles = {
      ...bound(world.files),
      sync: async (path: string) => {
        if (full) throw systemError('ENOSPC')
        return world.files.sync(path)
      },
    }
    const signingIn = world.start({ tokenFiles })
    const ask = () => world.run(() => signingIn.accessToken(never))
    expect(await ask()).toMatchObject({ kind: 'failed', reason: 'store' })
    await world.pass(minuteMs)
    expect(await ask()).toMatchObject({ kind: 'failed', reason: 'store' })
    full = false
    await world.pass(minuteMs)
    expect(await world.run(async () => world.statusOf(tokenOf(await signingIn.accessToken(never))))).toBe(400)
    expect(world.tokenRequests()).toHaveLength(1)
  })

  test('that stays the same does not need to be stored', async () => {
    for (const repeatsRefreshToken of [true, false]) {
      const world = signInWorld({ behaviour: { repeatsRefreshToken } })
      const store = {
        load: async () => ({ kind: 'nothing' as const }),
        save: () => Promise.reject(systemError('EROFS')),
      }
      const signingIn = world.start({ store })
      expect((await world.run(() => signingIn.accessToken(never))).kind).toBe('token')
      expect(world.events.map(({ code }) => code)).toEqual(['token-file-failed', 'sign-in-renewed'])
    }
  })

  test('is not assumed to be the configured one if the store cannot be read', async () => {
    const world = signInWorld()
    let broken = true
    const store = {
      load: () => (broken ? Promise.reject(systemError('EIO')) : nothingStored.load()),
      save: nothingStored.save,
    }
    const signingIn = world.start({ store })
    expect(await world.run(() => signingIn.accessToken(never))).toMatchObject({ reason: 'store' })
    expect(world.tokenRequests()).toHaveLength(0)
    broken = false
    await world.pass(minuteMs)
    expect((await world.run(() => signingIn.accessToken(never))).kind).toBe('token')
  })

  test('that is configured replaces the stored one only if it has changed', async () => {
    const world = signInWorld({ behaviour: { rotation: 'at-once' } })
    await world.files.makeDirectory('/data/sign-in')
    await world.files.create(tokenPath, fileWith('from an older one', 'an older one'))
    expect((await world.run(() => world.start().accessToken(never))).kind).toBe('token')
    // Renewing invalidated the configured token.
    expect((await world.run(() => world.start().accessToken(never))).kind).toBe('token')
    expect(world.events.map(({ code }) => code)).toEqual([
      'refresh-token-changed',
      'sign-in-renewed',
      'sign-in-renewed',
    ])
  })

  test.each(['', 'x', '{}', 'null', fileWith('')])(
    'is the configured one if the file cannot be parsed: %j',
    async (text) => {
      const world = signInWorld()
      await world.files.makeDirectory('/data/sign-in')
      await world.files.create(tokenPath, text)
      expect((await world.run(() => world.start().accessToken(never))).kind).toBe('token')
      expect(world.events[0]).toMatchObject({ level: 'warn', code: 'token-file-not-understood' })
    },
  )

  test('that expires within 14 days is reported once a day, including after a restart', async () => {
    const world = signInWorld({ behaviour: { refreshTokenMs: 16 * dayMs, accessTokenMs: 400 * dayMs } })
    const first = world.start()
    await world.run(() => first.accessToken(never))
    expect(first.state()).toMatchObject({ refreshTokenEndsAtMs: startMs + 16 * dayMs })
    for (let hour = 0; hour < 4 * 24; hour += 1) {
      await world.pass(hourMs)
      await first.accessToken(never)
    }
    const said = () =>
      world.events.flatMap(({ code, fields }) => (code === 'refresh-token-ends-soon' ? [fields.days] : []))
    expect(said()).toEqual([13, 12, 11])
    // The renewal fails, so the expiry comes from the file.
    world.simulator.refuseSignIn('acme', 'client')
    const second = world.start()
    await world.run(() => second.accessToken(never))
    expect(second.state().refreshTokenEndsAtMs).toBe(startMs + 16 * dayMs)
    expect(said()).toEqual([13, 12, 11, 11])
  })
})

describe('secrets', () => {
  test('appear in no outcome, state, event or inspected object', async () => {
    const world = signInWorld({ behaviour: { rotation: 'honoured' } })
    const echo: Transport = async ({ body = '' }) => {
      const words = `${body} ${decodeURIComponent(body)}`
      const answers = [
        JSON.stringify({ message: words }),
        JSON.stringify({ error: 'invalid_grant', error_description: words }),
        words,
      ]
      echoed += 1
      if (echoed % 4 === 3) throw new Error(words)
      return {
        status: [400, 500, 503][echoed % 3] ?? 400,
        statusText: words,
        headers: {},
        body: [Buffer.from(answers[echoed % 4] ?? '')],
      }
    }
    let echoed = 0
    const shown: unknown[] = []
    for (let i = 0; i < 24; i += 1) {
      const signingIn = world.start({ transport: echo })
      shown.push(await world.run(() => signingIn.accessToken(never)), signingIn.state(), signingIn)
    }
    shown.push(world.start({ tokenUrl: 'http://127.0.0.1/' }), world.events)
    const text = inspect(shown, { depth: 20, showHidden: true }) + JSON.stringify(shown)
    expect(text).not.toContain('canary')
  })

  test('are sent only to allowed URLs', () => {
    const world = signInWorld()
    expect(() => world.start({ tokenUrl: 'https://webexapis.com.example/v1/access_token' })).toThrow(
      RangeError,
    )
  })
})

function bound(files: ReturnType<typeof signInWorld>['files']) {
  return {
    makeDirectory: files.makeDirectory.bind(files),
    readText: files.readText.bind(files),
    create: files.create.bind(files),
    sync: files.sync.bind(files),
    syncDirectory: files.syncDirectory.bind(files),
    rename: files.rename.bind(files),
    remove: files.remove.bind(files),
  }
}
