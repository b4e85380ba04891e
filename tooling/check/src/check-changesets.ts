// Applies all changesets to a copy of the manifests, so that a changeset for an unknown package, an invalid
// configuration or diverging versions fail here rather than on release day.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { packageDirectories, publishedDirectories, readManifest, root } from './repository.ts'

const published = publishedDirectories().map((directory) => relative(root, directory))

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
  const versions = new Set(published.map((directory) => readManifest(join(copy, directory)).version))
  if (versions.size !== 1) {
    console.log(`expected one version for all packages, found ${[...versions].join(', ')}`)
    process.exitCode = 1
  }
} catch {
  process.exitCode = 1
} finally {
  rmSync(copy, { recursive: true, force: true })
}
