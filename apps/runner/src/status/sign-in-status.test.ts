import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { OrgAuth, OrgConfiguration } from '../configuration/configuration.ts'
import { Secret } from '../configuration/secret.ts'
import { signInStore } from '../sign-in/sign-in-store.ts'
import { tokenPath } from '../sign-in/token-path.ts'
import { showSignIn } from './show-sign-in.ts'
import { signInStatus } from './sign-in-status.ts'

const nowMs = Date.UTC(2026, 10, 24, 12)
const dayMs = 86_400_000
const running = { pid: 1, host: 'h', since: '2026-11-24T00:00:00.000Z' }

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cdrstream-status-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

function client(refreshToken: string | undefined): OrgAuth {
  return {
    kind: 'client',
    clientId: 'id',
    clientSecret: new Secret('canary-client'),
    refreshToken: refreshToken === undefined ? undefined : new Secret(refreshToken),
    tokenUrl: '',
  }
}

function configured(auth: OrgAuth) {
  const org: OrgConfiguration = {
    name: 'acme',
    credential: 'acme',
    auth,
    baseUrl: '',
    apiHosts: [],
    region: 'fixed',
    locations: [],
    reachMs: 0,
  }
  const journal = { path: join(directory, 'x.db'), keepMs: 1, maxBytes: 1, minFreeDiskBytes: 1 }
  const configuration = { orgs: [org], journal }
  return {
    read: () => signInStatus(configuration, org, nowMs),
    save: (accessTokenEndsAtMs: number | null, refreshTokenEndsAtMs: number | null) =>
      signInStore(configuration, org).save({
        configuredSha256: 'of a different token, because reading needs no secrets',
        refreshToken: 'canary-refresh',
        refreshTokenEndsAtMs,
        accessTokenEndsAtMs,
        renewedAtMs: nowMs - dayMs,
      }),
  }
}

test.each([
  [{ kind: 'access-token', accessToken: new Secret('canary') } as const, 'fixed'],
  [client('canary'), 'not-used'],
  [client(undefined), 'signed-out'],
])('without a stored sign-in, the status of %j is "%s"', async (auth, state) => {
  const status = await configured(auth).read()
  expect(status).toMatchObject({ state, accessTokenEndsAt: null, refreshTokenEndsInDays: null })
})

test.each([
  [5 * dayMs, 80.5 * dayMs, 'signed-in', 80],
  [5 * dayMs, 9.5 * dayMs, 'signed-in', 9],
  [-1, 80.5 * dayMs, 'renewal-due', 80],
  [-1, -1, 'ended', 0],
  [null, null, 'signed-in', null],
  [1e300, 1e300, 'signed-in', expect.any(Number)],
] as const)(
  'the status of an access token that expires in %j ms and a refresh token that expires in %j ms',
  async (access, refresh, state, days) => {
    const { save, read } = configured(client('canary'))
    const at = (ms: number | null) => (ms === null ? null : nowMs + ms)
    await save(at(access), at(refresh))
    const status = await read()

    expect(status).toMatchObject({
      state,
      refreshTokenEndsInDays: days,
      renewedAt: '2026-11-23T12:00:00.000Z',
    })
    expect(JSON.stringify(status)).not.toContain('canary')
  },
)

test('a stored sign-in that cannot be parsed is reported', async () => {
  const { read } = configured(client('canary'))
  const path = tokenPath(join(directory, 'x.db'), 'acme')
  await mkdir(dirname(path))
  await writeFile(path, '{}')
  expect(await read()).toMatchObject({ state: 'unreadable' })
})

test('the text output fits its width and warns early', async () => {
  const { save, read } = configured(client('canary'))
  const at = new Date(nowMs).toISOString()
  await save(nowMs + 5 * dayMs, nowMs + 9.5 * dayMs)
  expect(showSignIn(await read(), { at, collector: null })[1]).toBe('your refresh token expires in 9 days:')
  for (const state of ['fixed', 'not-used', 'signed-out', 'unreadable', 'ended', 'renewal-due'] as const) {
    for (const collector of [null, running]) {
      for (const line of showSignIn({ ...(await read()), state }, { at, collector })) {
        expect(line.length).toBeLessThanOrEqual(67)
      }
    }
  }
})
