import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import { root } from './repository.ts'

/** Neither needed by a test nor cheap to copy. */
const leftOut: ReadonlySet<string> = new Set(['.git', '.turbo', 'dist'])

/**
 * Copies the sources to a directory that does not exist yet. Packages of other people are linked. Links
 * between packages of this repository are relative, so that they lead to the copy: a planted bug is seen by
 * all packages.
 */
export function copyRepository(copy: string): void {
  const installed = join(root, 'node_modules')
  cpSync(root, copy, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => path !== installed && !leftOut.has(basename(path)),
  })
  // A directory of its own: vitest writes its cache here.
  const links = join(copy, 'node_modules')
  mkdirSync(links)
  for (const name of readdirSync(installed)) {
    if (name !== '.vite') symlinkSync(join(installed, name), join(links, name))
  }
}
