import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { root } from '../src/repository.ts'

// The content of a bundle is tested with the container image, which is built from a bundle.
function bundle(...args: readonly string[]) {
  const script = join(root, 'tooling', 'check', 'src', 'write-bundle.ts')
  const { status, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' })
  return { status, lines: stderr.trimEnd().split('\n').length }
}

test('a bundle is not written to a directory that is not empty', () => {
  const directory = mkdtempSync(join(tmpdir(), 'cdrstream-bundle-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  writeFileSync(join(directory, 'mine'), '')
  expect(bundle(directory)).toEqual({ status: 2, lines: 1 })
  expect(readdirSync(directory)).toEqual(['mine'])
})

test.for([{ given: [] }, { given: ['one', 'two'] }])(
  'exactly one directory is expected, not $given.length',
  ({ given }) => {
    expect(bundle(...given)).toEqual({ status: 2, lines: 1 })
  },
)
