import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { configuredSha256, type StoredSignIn } from '@cdrstream/source-webex'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { OrgConfiguration } from '../configuration/configuration.ts'
import { Secret } from '../configuration/secret.ts'
import { signInStore } from './sign-in-store.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cdrstream-store-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

function org(name: string, credential: string, refreshToken = 'R'): OrgConfiguration {
  return {
    name,
    credential,
    auth: {
      kind: 'client',
      clientId: 'id',
      clientSecret: new Secret('s'),
      refreshToken: new Secret(refreshToken),
      tokenUrl: '',
    },
    baseUrl: '',
    apiHosts: [],
    region: 'fixed',
    locations: [],
    reachMs: 0,
  }
}

/** Returns the first org's store. */
function storeOf(...orgs: readonly [OrgConfiguration, ...OrgConfiguration[]]) {
  const journal = { path: join(directory, 'x.db'), keepMs: 1, maxBytes: 1, minFreeDiskBytes: 1 }
  return signInStore({ orgs, journal }, orgs[0])
}

function stored(refreshToken: string, renewedAtMs: number, configured = 'R'): StoredSignIn {
  const times = { refreshTokenEndsAtMs: null, accessTokenEndsAtMs: null, renewedAtMs }
  return { configuredSha256: configuredSha256(configured), refreshToken, ...times }
}

test('the file is private to its owner, in a directory beside the journal', async () => {
  await storeOf(org('acme', 'acme')).save(stored('R1', 1))

  expect(readdirSync(directory)).toEqual(['sign-in'])
  expect(statSync(join(directory, 'sign-in')).mode & 0o777).toBe(0o700)
  expect(statSync(join(directory, 'sign-in/acme.json')).mode & 0o777).toBe(0o600)
})

test('reordered orgs with the same credential use the most recently renewed sign-in', async () => {
  const aFirst = storeOf(org('a', 'a'), org('b', 'a'))
  const bFirst = storeOf(org('b', 'b'), org('a', 'b'))
  await aFirst.save(stored('R1', 1))
  expect(await bFirst.load()).toEqual({ kind: 'stored', signIn: stored('R1', 1) })
  await bFirst.save(stored('R2', 2))
  expect(await aFirst.load()).toEqual({ kind: 'stored', signIn: stored('R2', 2) })
})

test('a renamed org uses the sign-in stored under its former name', async () => {
  await storeOf(org('old', 'old')).save(stored('R1', 1))
  const renamed = storeOf({ ...org('new', 'new'), formerly: 'old' })
  expect(await renamed.load()).toEqual({ kind: 'stored', signIn: stored('R1', 1) })
  await renamed.save(stored('R2', 2))
  expect(await renamed.load()).toEqual({ kind: 'stored', signIn: stored('R2', 2) })
})

test('a sign-in from a different configured refresh token is neither preferred nor hidden', async () => {
  const both = storeOf(org('a', 'a'), org('b', 'a'))
  await storeOf(org('b', 'b')).save(stored('X9', 9, 'X'))
  await storeOf(org('a', 'a')).save(stored('R1', 1))
  expect(await both.load()).toEqual({ kind: 'stored', signIn: stored('R1', 1) })
  const changed = storeOf(org('a', 'a', 'Z'))
  expect(await changed.load()).toEqual({ kind: 'stored', signIn: stored('R1', 1) })
})

test('orgs with different credentials are not affected', async () => {
  await storeOf(org('b', 'b')).save(stored('R1', 1))
  expect(await storeOf(org('a', 'a'), org('b', 'b')).load()).toEqual({ kind: 'nothing' })
})
