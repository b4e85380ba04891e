import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
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
