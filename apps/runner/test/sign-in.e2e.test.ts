import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { busyMix, drain, type SimulatedApi, simulateApi } from './support/simulated-api.ts'
import { runCommand, startCommand } from './support/start-command.ts'

/** About one kill per second. Set CDRSTREAM_SIGN_IN_KILLS=60 for a minute of kills. */
const kills = Number(process.env.CDRSTREAM_SIGN_IN_KILLS ?? 12)

const perfect = { missing: [], twice: 0, invented: 0 }
const acme = {
  name: 'acme',
  signIn: { clientId: 'client', clientSecret: 'canary-client', refreshToken: 'canary-refresh' },
}
/** The configuration's secrets, and the simulator's tokens and codes. */
const secrets = /canary|SIM[ARC]_/

function tokenFile({ directory }: SimulatedApi): string {
  return join(directory, 'data/sign-in/acme.json')
}

function lines(err: string): readonly { readonly code?: string; readonly msg: string }[] {
  const whole = err.slice(0, err.lastIndexOf('\n') + 1)
  return whole
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
}

describe('with tokens that last 4 s and rotate', () => {
  test('a collector that is killed with SIGKILL every second stays signed in, and nothing is lost or duplicated', async () => {
    await using api = await simulateApi({
      seed: 12,
      recordsPerMinute: 6_000,
      mix: busyMix,
      orgs: [acme],
      signIn: { accessTokenMs: 4_000, rotation: 'honoured' },
    })
    const { tokenRequests } = api.simulator.ledger
    for (let kill = 0; kill < kills; kill += 1) {
      const before = tokenRequests.length
      const collector = startCommand(['run'], { directory: api.directory })
      if (kill % 2 === 0) await sleep(1_000)
      else {
        // While the new tokens are being sent, stored, or used for the first time.
        await expect.poll(() => tokenRequests.length, { interval: 1 }).toBeGreaterThan(before)
        await sleep(kill % 16)
      }
      collector.process.kill('SIGKILL')
      const { signal, err } = await collector.ended
      expect(signal).toBe('SIGKILL')
      expect(err).not.toMatch(secrets)
    }
    const before = tokenRequests.length
    const survivor = startCommand(['run'], { directory: api.directory })
    // One at startup, and one when its token expires.
    await expect.poll(() => tokenRequests.length).toBeGreaterThan(before + 1)
    await drain(api)
    await expect.poll(async () => (await api.compare()).missing.length).toBe(0)
    survivor.process.kill('SIGTERM')
    const { code, err } = await survivor.ended

    expect(code).toBe(0)
    expect(new Set(tokenRequests.map(({ status }) => status))).toEqual(new Set([200]))
    expect(new Set(tokenRequests.map(({ atOnce }) => atOnce))).toEqual(new Set([1]))
    expect(await api.compare()).toMatchObject(perfect)
    expect((await api.compare()).shown).toBeGreaterThan(500)
    expect(api.simulator.rateViolations()).toEqual([])
    expect(err).not.toMatch(secrets)
    expect(statSync(tokenFile(api)).mode & 0o777).toBe(0o600)
    expect(readFileSync(tokenFile(api), 'utf8')).not.toContain('canary')
  })

  test('if the old refresh token expires at once, a lost response pauses the org until a login, and the other org continues', async () => {
    await using api = await simulateApi({
      seed: 13,
      recordsPerMinute: 6_000,
      mix: busyMix,
      orgs: [acme, { name: 'other', token: 'canary-token' }],
      signIn: { accessTokenMs: 4_000, rotation: 'at-once' },
    })
    api.simulator.failNextSignIn('lost')
    const collector = startCommand(['run'], { directory: api.directory })
    const refused = () => lines(collector.err()).find(({ code }) => code === 'refresh-token-refused')
    await expect.poll(refused).toMatchObject({ credential: 'acme' })
    expect(refused()?.msg).toContain('cdrstream login')
    const delivered = async () => (await api.compare()).delivered
    const whenPaused = await delivered()
    await expect.poll(delivered).toBeGreaterThan(whenPaused + 200)
    expect(await ofAcme(api)).toBe(0)

    const login = startCommand(['login', '--redirect-uri', 'http://127.0.0.1:0/callback'], {
      directory: api.directory,
    })
    await expect.poll(() => login.err()).toContain('Waiting')
    await fetch(login.out().trim())
    expect((await login.ended).code).toBe(0)
    await drain(api)
    await expect.poll(async () => (await api.compare()).missing.length).toBe(0)
    const { out } = await runCommand(['status', '--json'], { directory: api.directory })
    collector.process.kill('SIGTERM')
    const { code, err } = await collector.ended

    expect(code).toBe(0)
    expect(await api.compare()).toMatchObject(perfect)
    expect(await ofAcme(api)).toBeGreaterThan(0)
    expect(JSON.parse(out).orgs).toMatchObject([
      { signIn: { state: 'signed-in', refreshTokenEndsInDays: 89 } },
      { signIn: { state: 'fixed', accessTokenEndsAt: null } },
    ])
    expect([err, out, login.out(), login.err()].join()).not.toMatch(secrets)
  })
})

async function ofAcme({ simulator }: SimulatedApi): Promise<number> {
  return simulator.ledger.requests.filter(({ org, status }) => org === 'acme' && status === 200).length
}

describe('no secret is in the log or the journal', () => {
  test.each([
    ['grant', 'refresh-token-refused'],
    ['client', 'client-refused'],
    ['authorization', 'app-not-authorized'],
  ] as const)('when the token endpoint refuses (%s): run --once exits with code 3', async (refusal, code) => {
    await using api = await simulateApi({ seed: 1, recordsPerMinute: 60, orgs: [acme] })
    api.simulator.refuseSignIn('acme', refusal)
    const args = ['run', '--once', '--log-level', 'debug']
    const end = await runCommand(args, { directory: api.directory })

    expect(end.code).toBe(3)
    expect(lines(end.err).map((line) => line.code)).toContain(code)
    expectNoSecrets(api, end.err)
  })

  test('when the token endpoint cannot be reached', async () => {
    await using api = await simulateApi({ seed: 1, recordsPerMinute: 60, orgs: [acme] })
    const file = join(api.directory, 'cdrstream.yaml')
    const text = readFileSync(file, 'utf8').replace(
      /tokenUrl: .*/,
      'tokenUrl: http://127.0.0.1:1/access_token',
    )
    writeFileSync(file, text)
    const collector = startCommand(['run', '--log-level', 'debug'], { directory: api.directory })
    const codes = () => lines(collector.err()).map(({ code }) => code)
    await expect.poll(codes).toContain('sign-in-failed')
    collector.process.kill('SIGTERM')
    const { code, err } = await collector.ended

    expect(code).toBe(0)
    expectNoSecrets(api, err)
  })
})

function expectNoSecrets({ directory }: SimulatedApi, err: string): void {
  expect(err).not.toMatch(secrets)
  expect(readFileSync(join(directory, 'data/cdrstream.db'), 'latin1')).not.toMatch(secrets)
}
