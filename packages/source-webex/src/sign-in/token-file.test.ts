import { execFileSync } from 'node:child_process'
import { chmod, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { nodeTokenFiles } from './node-token-files.ts'
import { tokenFile } from './token-file.ts'
import type { StoredSignIn } from './token-store.ts'

const signIn: StoredSignIn = {
  configuredSha256: 'ab'.repeat(32),
  refreshToken: 'R1',
  refreshTokenEndsAtMs: 2,
  accessTokenEndsAtMs: null,
  renewedAtMs: 1,
}

let directory: string
let path: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cdrstream-sign-in-'))
  path = join(directory, 'sign-in', 'acme.json')
})

afterEach(() => rm(directory, { recursive: true }))

const modeOf = async (of: string) => (await stat(of)).mode & 0o777

test('what is saved is there, for its owner alone', async () => {
  expect(await tokenFile(path).load()).toEqual({ kind: 'nothing' })
  await tokenFile(path).save(signIn)
  await tokenFile(path).save({ ...signIn, refreshToken: 'R2' })
  expect(await tokenFile(path).load()).toEqual({ kind: 'stored', signIn: { ...signIn, refreshToken: 'R2' } })
  expect([await modeOf(path), await modeOf(join(directory, 'sign-in'))]).toEqual([0o600, 0o700])
  expect(await readdir(join(directory, 'sign-in'))).toEqual(['acme.json'])
})

test('what a crash or somebody left beside it is replaced, and not followed', async () => {
  await tokenFile(path).save(signIn)
  const elsewhere = join(directory, 'elsewhere')
  await writeFile(elsewhere, 'untouched', { mode: 0o644 })
  await symlink(elsewhere, `${path}.new`)
  await tokenFile(path).save(signIn)
  expect(await readFile(elsewhere, 'utf8')).toBe('untouched')
  expect(await modeOf(path)).toBe(0o600)
})

test('what cannot be written or read is an error with its code', async () => {
  const nowhere = tokenFile(join(directory, 'a', 'b', 'acme.json'))
  await expect(nowhere.save(signIn)).rejects.toMatchObject({ code: 'ENOENT' })
  await writeFile(join(directory, 'file'), '')
  await expect(tokenFile(join(directory, 'file', 'x')).load()).rejects.toMatchObject({ code: 'ENOTDIR' })
})

test.each(['', '{', '[]', 'null', '{"cdrstreamSignIn":2}', '{"cdrstreamSignIn":1,"refreshToken":7}'])(
  'what is no sign-in is told from nothing: %j',
  async (text) => {
    await tokenFile(path).save(signIn)
    await writeFile(path, text)
    expect(await tokenFile(path).load()).toEqual({ kind: 'not-understood' })
  },
)

describe('a stored sign-in', () => {
  const untrusted = { code: 'untrusted-file' }

  beforeEach(() => tokenFile(path).save(signIn))
  afterEach(() => vi.restoreAllMocks())

  test('of another user is refused', async () => {
    const uid = process.geteuid?.() ?? 0
    vi.spyOn(process, 'geteuid').mockReturnValue(uid + 1)
    await expect(tokenFile(path).load()).rejects.toMatchObject(untrusted)
  })

  test('that every user may write is refused, and the next one replaces it', async () => {
    await chmod(path, 0o606)
    await expect(tokenFile(path).load()).rejects.toMatchObject(untrusted)
    await tokenFile(path).save(signIn)
    expect(await tokenFile(path).load()).toEqual({ kind: 'stored', signIn })
  })

  test('that others can read is made private where someone is told', async () => {
    await chmod(path, 0o644)
    await tokenFile(path).load()
    expect(await modeOf(path)).toBe(0o644)
    const tightened: (readonly [string, string])[] = []
    const files = nodeTokenFiles((file, mode) => void tightened.push([file, mode]))
    expect(await tokenFile(path, files).load()).toEqual({ kind: 'stored', signIn })
    expect(await modeOf(path)).toBe(0o600)
    expect(tightened).toEqual([[path, '0644']])
  })

  test.each([
    ['a link', (at: string) => symlink(join(directory, 'other.json'), at)],
    ['a pipe', async (at: string) => void execFileSync('mkfifo', [at])],
  ])('is not read through %s', async (_, put) => {
    await rename(path, join(directory, 'other.json'))
    await put(path)
    await expect(tokenFile(path).load()).rejects.toMatchObject(untrusted)
  })

  test('is neither read nor written where every user can replace it', async () => {
    await chmod(dirname(path), 0o777)
    await expect(tokenFile(path).load()).rejects.toMatchObject(untrusted)
    await expect(tokenFile(path).save(signIn)).rejects.toMatchObject(untrusted)
  })
})
