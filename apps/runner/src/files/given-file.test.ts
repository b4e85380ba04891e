import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { warnOfGivenFile } from '@cdrstream/core/file-trust'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { readGivenFile } from './given-file.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cdrstream-given-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
})

function codesOf(path: string, isSecret = true): readonly string[] {
  const { situation } = readGivenFile(path)
  return warnOfGivenFile({ ...situation, isSecret }, process.geteuid?.()).map(({ code }) => code)
}

test('a private file is read without a warning', () => {
  const path = join(directory, 'token')
  writeFileSync(path, 'secret', { mode: 0o600 })
  expect(readGivenFile(path).bytes.toString()).toBe('secret')
  expect(codesOf(path)).toEqual([])
})

test('a file behind a link that every user can replace causes a warning', () => {
  const open = join(directory, 'open')
  mkdirSync(open)
  chmodSync(open, 0o777)
  writeFileSync(join(directory, 'token'), 'secret', { mode: 0o600 })
  symlinkSync(join(directory, 'token'), join(open, 'token'))
  expect(codesOf(join(open, 'token'))).toEqual(['directory-writable-by-others'])
})

test('a device such as /dev/null is exempt from the permission checks', () => {
  expect(codesOf('/dev/null')).toEqual([])
})

// Only root can mount a file system.
if (process.geteuid?.() === 0) {
  test('a Docker or Kubernetes secret, on a read-only file system, causes no warning', () => {
    const mounted = join(directory, 'secrets')
    mkdirSync(mounted)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'mode=0777', 'tmpfs', mounted])
    onTestFinished(() => void execFileSync('umount', ['--lazy', mounted]))
    const path = join(mounted, 'token')
    writeFileSync(path, 'secret')
    chmodSync(path, 0o666)
    expect(codesOf(path)).toEqual(['writable-by-others'])
    execFileSync('mount', ['-o', 'remount,ro', mounted])
    expect(codesOf(path)).toEqual([])
  })
}
