// Applies all changesets in a copy of the manifests, so that a changeset for an unknown package or a broken
// configuration fails here and not on the day of the release.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { packageDirectories, root } from './repository.ts'

const copy = mkdtempSync(join(tmpdir(), 'cdrstream-changesets-'))
try {
  const manifests = packageDirectories().map((directory) => join(relative(root, directory), 'package.json'))
  for (const file of ['.changeset', 'package.json', 'pnpm-workspace.yaml', 'pnpm-lock.yaml', ...manifests]) {
    cpSync(join(root, file), join(copy, file), { recursive: true })
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction')
  execFileSync('changeset', ['version'], {
    cwd: copy,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  })
} catch {
  process.exitCode = 1
} finally {
  rmSync(copy, { recursive: true, force: true })
}
