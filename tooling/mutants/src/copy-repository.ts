import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import { root } from './repository.ts'

/** Not needed by any test, and slow to copy. */
const excluded: ReadonlySet<string> = new Set(['.git', '.turbo', 'dist'])

/**
 * Copies the sources to a directory that must not exist. Third-party packages are linked. Links between
 * packages of this repository are relative, so they lead to the copy, and all packages see a planted bug.
 */
export function copyRepository(copy: string): void {
  const installed = join(root, 'node_modules')
  cpSync(root, copy, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => path !== installed && !excluded.has(basename(path)),
  })
  // A real directory, because vitest writes its cache here.
  const links = join(copy, 'node_modules')
  mkdirSync(links)
  for (const name of readdirSync(installed)) {
    if (name !== '.vite') symlinkSync(join(installed, name), join(links, name))
  }
}
