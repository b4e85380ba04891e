import { execFileSync } from 'node:child_process'
import { chmod, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { nodeTokenFiles } from './node-token-files.ts'
import { createTokenFile } from './token-file.ts'
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

test('a saved sign-in can be loaded, and its file is private to the owner', async () => {
  expect(await createTokenFile(path).load()).toEqual({ kind: 'nothing' })
  await createTokenFile(path).save(signIn)
  await createTokenFile(path).save({ ...signIn, refreshToken: 'R2' })
  expect(await createTokenFile(path).load()).toEqual({
    kind: 'stored',
    signIn: { ...signIn, refreshToken: 'R2' },
  })
  expect([await modeOf(path), await modeOf(join(directory, 'sign-in'))]).toEqual([0o600, 0o700])
  expect(await readdir(join(directory, 'sign-in'))).toEqual(['acme.json'])
})

test('a leftover temporary file is replaced, and not followed if it is a link', async () => {
  await createTokenFile(path).save(signIn)
  const elsewhere = join(directory, 'elsewhere')
  await writeFile(elsewhere, 'untouched', { mode: 0o644 })
  await symlink(elsewhere, `${path}.new`)
  await createTokenFile(path).save(signIn)
  expect(await readFile(elsewhere, 'utf8')).toBe('untouched')
  expect(await modeOf(path)).toBe(0o600)
})

test('a file that cannot be written or read rejects with the error code', async () => {
  const nowhere = createTokenFile(join(directory, 'a', 'b', 'acme.json'))
  await expect(nowhere.save(signIn)).rejects.toMatchObject({ code: 'ENOENT' })
  await writeFile(join(directory, 'file'), '')
  await expect(createTokenFile(join(directory, 'file', 'x')).load()).rejects.toMatchObject({
    code: 'ENOTDIR',
  })
})

test.each(['', '{', '[]', 'null', '{"cdrstreamSignIn":2}', '{"cdrstreamSignIn":1,"refreshToken":7}'])(
  'a file without a sign-in is distinguished from a missing file: %j',
  async (text) => {
    await createTokenFile(path).save(signIn)
    await writeFile(path, text)
    expect(await createTokenFile(path).load()).toEqual({ kind: 'not-understood' })
  },
)

describe('a stored sign-in', () => {
  const untrusted = { code: 'untrusted-file' }

  beforeEach(() => createTokenFile(path).save(signIn))
  afterEach(() => vi.restoreAllMocks())

  test('that belongs to another user is refused', async () => {
    const uid = process.geteuid?.() ?? 0
    vi.spyOn(process, 'geteuid').mockReturnValue(uid + 1)
    await expect(createTokenFile(path).load()).rejects.toMatchObject(untrusted)
  })

  test('that every user may write is refused until it is replaced', async () => {
    await chmod(path, 0o606)
    await expect(createTokenFile(path).load()).rejects.toMatchObject(untrusted)
    await createTokenFile(path).save(signIn)
    expect(await createTokenFile(path).load()).toEqual({ kind: 'stored', signIn })
  })

  test('that others can read is made private only if that is reported', async () => {
    await chmod(path, 0o644)
    await createTokenFile(path).load()
    expect(await modeOf(path)).toBe(0o644)
    const tightened: (readonly [string, string])[] = []
    const files = nodeTokenFiles((file, mode) => void tightened.push([file, mode]))
    expect(await createTokenFile(path, files).load()).toEqual({ kind: 'stored', signIn })
    expect(await modeOf(path)).toBe(0o600)
    expect(tightened).toEqual([[path, '0644']])
  })

  test.each([
    ['a link', (at: string) => symlink(join(directory, 'other.json'), at)],
    ['a pipe', async (at: string) => void execFileSync('mkfifo', [at])],
  ])('is not read through %s', async (_, put) => {
    await rename(path, join(directory, 'other.json'))
    await put(path)
    await expect(createTokenFile(path).load()).rejects.toMatchObject(untrusted)
  })

  test('is neither read nor written where every user can replace it', async () => {
    await chmod(dirname(path), 0o777)
    await expect(createTokenFile(path).load()).rejects.toMatchObject(untrusted)
    await expect(createTokenFile(path).save(signIn)).rejects.toMatchObject(untrusted)
  })
})
